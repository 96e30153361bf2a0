import type { NoticeKind } from '../domain/kinds.ts';
import type { Language } from '../domain/languages.ts';
import type { Reason } from '../domain/refusal.ts';
import { shorten } from './clean.ts';
import type { OfTitle } from './content.ts';
import type { Pair } from './document.ts';
import type { TextData, Texts } from './texts.ts';

/** The texts as one notice uses them: its language, its kind and the library's zone are settled. */
export interface Speaker {
  readonly language: Language;
  /** A text of this kind of notice. */
  readonly say: (key: string, data?: object) => string;
  /** A label, or a value, from the facts all notices share. */
  readonly fact: (key: string, data?: TextData) => string;
  /** Any text by its full key. */
  readonly shared: (key: string, data?: TextData) => string;
  /** Which title it is about. */
  readonly about: (title: OfTitle) => readonly Pair[];
  /** Why something was refused. */
  readonly explain: (reason: Reason) => string;
  /** Day and time of an instant (epoch milliseconds). */
  readonly until: (at: number) => string;
  readonly day: (at: number) => string;
}

const longestTitleInSubject = 80;

/** Subjects name the title, shortened. */
function withShortTitle(data: object): TextData {
  return 'title' in data
    ? { ...data, title: shorten(String(data.title), longestTitleInSubject) }
    : { ...data };
}

export function createSpeaker(texts: Texts, language: Language, kind: NoticeKind, timeZone: string): Speaker {
  const shared = (key: string, data: TextData = {}) => texts.t(language, key, { ...data, timeZone });
  const fact = (key: string, data?: TextData) => shared(`notice.fact.${key}`, data);
  return {
    language,
    shared,
    fact,
    say: (key, data = {}) => shared(`notice.${kind}.${key}`, withShortTitle(data)),
    about: ({ title, author }) => [
      [fact('title'), title],
      [fact('author'), author],
    ],
    explain: (reason) => texts.problem(language, reason.code, { ...reason, timeZone }).detail,
    until: (at) => fact('until-value', { at }),
    day: (at) => fact('day-value', { at }),
  };
}
