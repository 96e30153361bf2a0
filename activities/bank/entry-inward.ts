import type { BankEntry } from '../../db/entities/index.ts';
import {
  type CandidateRow,
  type NamedReader,
  paymentsDue,
  paymentsOf,
  readersNamed,
  type Words,
} from '../../db/queries/entry-candidates.ts';
import type { Tx } from '../../db/transaction.ts';
import { createCandidates } from '../../domain/candidates.ts';
import {
  type Decision,
  type Expected,
  feeAllowed,
  type MoneyCame,
  scoreOf,
  type Suggestion,
} from '../../domain/matching.ts';
import { decide, ranked } from '../../domain/matching-rules.ts';
import { type PayerName, readName, resemblance } from '../../domain/payer-names.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';

/** Reads a name once for many entries. */
export function nameReader(): (name: string) => PayerName {
  const read = new Map<string, PayerName>();
  return (name) => {
    const known = read.get(name) ?? readName(name);
    read.set(name, known);
    return known;
  };
}

type NameReader = ReturnType<typeof nameReader>;

/** What a payment expects, its names read when they are asked for. */
export function expectedOf(row: CandidateRow, read: NameReader): Expected {
  return {
    paymentId: row.paymentId,
    patronId: row.patronId,
    currency: row.currency,
    due: BigInt(row.amount) - BigInt(row.received),
    begunOn: row.begunOn,
    endedOn: row.endedOn,
    get reader() {
      return read(row.name);
    },
    get family() {
      return row.family.map(read);
    },
  };
}

/** What came, the payer's name read when it is asked for. */
function cameOf({ amount, currency, charges, bookedOn, payerName }: BankEntry, read: NameReader): MoneyCame {
  return {
    amount,
    currency,
    charges,
    bookedOn,
    get payer() {
      return payerName == null || payerName === '' ? undefined : read(payerName);
    },
  };
}

/** Money that came in, and the payments it names. */
export interface Inward {
  readonly entry: BankEntry;
  readonly mine: readonly Expected[];
}

interface Looked {
  readonly entry: BankEntry;
  readonly came: MoneyCame;
  readonly near: readonly Expected[];
  readonly decision: Decision;
}

/**
 * Decides on money that came in (P9), by the entries' ids: by the references it names, or by amount and payer, and where those leave it open also by what is due of readers
 * with the payer's name.
 */
export async function lookInward(
  tx: Tx,
  policy: LibraryPolicy,
  inward: readonly Inward[],
  read: NameReader,
): Promise<Map<string, Decision>> {
  const { matching } = policy.money;
  const nameless = inward.filter(({ mine }) => mine.length === 0).map(({ entry }) => entry);
  const candidates = createCandidates(await dueOf(tx, policy, nameless, read), matching);
  const looked = inward.map(({ entry, mine }): Looked => {
    const came = cameOf(entry, read);
    const near = mine.length === 0 ? candidates(came) : [];
    return { entry, came, near, decision: decide(came, mine, near, matching) };
  });
  const decisions = new Map(looked.map(({ entry, decision }) => [entry.id, decision]));
  const unsure = new Set(nameless.map(({ id }) => id));
  const open = looked.filter(({ entry, decision }) => unsure.has(entry.id) && !('parts' in decision));
  for (const [id, decision] of await lookByName(tx, policy, open, read)) decisions.set(id, decision);
  return decisions;
}

async function dueOf(
  tx: Tx,
  { code, timeZone, money }: LibraryPolicy,
  entries: readonly BankEntry[],
  read: NameReader,
): Promise<Expected[]> {
  const ranges = new Map(
    entries.map(({ amount, charges, currency }) => {
      const to = amount + feeAllowed(charges, money.matching);
      return [`${currency}:${amount}:${to}`, { currency, from: amount.toString(), to: to.toString() }];
    }),
  );
  if (ranges.size === 0) return [];
  return (await paymentsDue(tx, code, timeZone, [...ranges.values()])).map((row) => expectedOf(row, read));
}

/** Looks at entries once more, with what is due of readers of the payer's name. */
async function lookByName(
  tx: Tx,
  policy: LibraryPolicy,
  looked: readonly Looked[],
  read: NameReader,
): Promise<Map<string, Decision>> {
  const readers = await readersLike(tx, policy, looked, read);
  const mainIds = new Set([...readers.values()].flat().map(({ mainId }) => mainId));
  if (mainIds.size === 0) return new Map();
  const rows = await paymentsOf(tx, policy.code, policy.timeZone, [...mainIds]);
  const due = Map.groupBy(rows, ({ mainId }) => mainId);
  return new Map(
    looked.map(({ entry, came, near }): [string, Decision] => {
      const like = readers.get(entry.id) ?? [];
      const families = [...new Set(like.map(({ mainId }) => mainId))];
      const known = new Set(near.map(({ paymentId }) => paymentId));
      const more = families
        .flatMap((id) => due.get(id) ?? [])
        .filter(({ paymentId }) => !known.has(paymentId))
        .map((row) => expectedOf(row, read));
      const decision = decide(came, [], [...near, ...more], policy.money.matching);
      if ('parts' in decision) return [entry.id, decision];
      return [entry.id, { suggestions: ranked([...decision.suggestions, ...creditsFor(entry, like)]) }];
    }),
  );
}

interface LikeReader extends NamedReader {
  readonly like: NonNullable<ReturnType<typeof resemblance>>;
}

const fewestLetters = 2;

/** What to look a payer's name up by: all of its longest words together, and each by itself. */
function wordsOf({ payerName }: BankEntry): Words[] {
  const words = (payerName ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => Array.from(word).length >= fewestLetters)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 3);
  return [...(words.length > 1 ? [words] : []), ...words.map((word) => [word])];
}

/** Readers whose names are like the payers', or stand in what the payers wrote; by the entries' ids. */
async function readersLike(
  tx: Tx,
  { code }: LibraryPolicy,
  looked: readonly Looked[],
  read: NameReader,
): Promise<Map<string, LikeReader[]>> {
  const asked = looked.map(({ entry }) => wordsOf(entry));
  const lists = new Map(asked.flat().map((words) => [words.join(' '), words]));
  if (lists.size === 0) return new Map();
  const named = await readersNamed(tx, code, [...lists.values()]);
  const found = new Map([...lists.keys()].map((key, at) => [key, named[at] ?? []]));
  return new Map(
    looked.map(({ entry }, at) => {
      const readers = (asked[at] ?? []).flatMap((words) => found.get(words.join(' ')) ?? []);
      const each = [...new Map(readers.map((reader) => [reader.id, reader])).values()];
      return [entry.id, alike(entry, each, read)];
    }),
  );
}

function alike(
  { payerName, remittance }: BankEntry,
  readers: readonly NamedReader[],
  read: NameReader,
): LikeReader[] {
  const payer = read(payerName ?? '');
  const text = remittance.normalize('NFKC').toLowerCase();
  return readers.flatMap((reader) => {
    const stated =
      text !== '' && text.includes(reader.name.normalize('NFKC').toLowerCase()) ? 'name' : undefined;
    const like = stated ?? resemblance(payer, read(reader.name));
    return like === undefined ? [] : [{ ...reader, like }];
  });
}

/** Money that may be a reader's credit: it comes from somebody with the reader's name. */
function creditsFor({ amount }: BankEntry, readers: readonly LikeReader[]): Suggestion[] {
  return readers
    .filter(({ like }) => like !== 'name-of-family')
    .map(({ id: patronId, like }) => ({
      parts: [{ to: 'credit', patronId, amountMinor: Number(amount) }],
      reasons: [like],
      score: scoreOf([like]),
    }));
}
