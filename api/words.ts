import { Temporal } from 'temporal-polyfill';
import { civilDay, findPlace } from '../domain/calendar.ts';
import type { Place } from '../domain/calendar.ts';
import type { Language } from '../domain/languages.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { Reason } from '../domain/refusal.ts';
import type { TextData, Texts } from '../notices/texts.ts';
import type { ApiDeps } from './deps.ts';
import { type Explained, explain } from './explain.ts';

/** Lists in words, for the readers of one library in one language (G3). */
export interface Words {
  readonly policy: LibraryPolicy;
  readonly language: Language;
  /** The text of a key that needs no data. */
  readonly text: (key: string) => string;
  /** The text of a key with its data; instants in it are written in the library's zone. */
  readonly say: (key: string, data: TextData) => string;
  readonly reasons: (reasons: readonly Reason[]) => Explained[];
  /** The day on which an instant (epoch milliseconds) falls at the library: `YYYY-MM-DD`. */
  readonly day: (at: number) => string;
  /** A place with its name; one that has left the policy is named by its code. */
  readonly place: (code: string) => { code: string; kind: Place['kind']; name: string };
}

/** Enough for what is said all day; what is said seldom, and for its dates only once, does not pile up. */
const mostRemembered = 1_000;

function remembered<K, T>(make: (key: K) => T): (key: K) => T {
  const made = new Map<K, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= mostRemembered) made.clear();
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

function wordsOf(texts: Texts, policy: LibraryPolicy, language: Language): Words {
  const explained = remembered((reason: string) =>
    explain(texts, language, policy, [JSON.parse(reason) as Reason]),
  );
  return {
    policy,
    language,
    text: remembered((key: string) => texts.t(language, key)),
    say: (key, data) => texts.t(language, key, { timeZone: policy.timeZone, ...data }),
    reasons: (reasons) => reasons.flatMap((reason) => explained(JSON.stringify(reason))),
    day: remembered((at: number) => civilDay(policy, Temporal.Instant.fromEpochMilliseconds(at)).toString()),
    place: remembered((code: string) => {
      const found = findPlace(policy, code);
      return { code, kind: found?.kind ?? 'branch', name: found?.name[language] ?? code };
    }),
  };
}

/** Finds the words for a library's readers in a language. Lists say the same few things at every request: each is looked up once. */
export function createWords({
  texts,
  policies,
}: Pick<ApiDeps, 'texts' | 'policies'>): (library: string, language: Language) => Words {
  const ofLibrary = remembered((library: string) =>
    remembered((language: Language) => wordsOf(texts, policies.get(library), language)),
  );
  return (library, language) => ofLibrary(library)(language);
}
