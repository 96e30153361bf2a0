import type { BankEntry } from '../db/entities/index.ts';
import {
  type CandidateRow,
  paymentsDue,
  paymentsNamed,
  type PayoutRow,
  payoutsOf,
  paymentsOf,
  readersNamed,
} from '../db/queries/entry-candidates.ts';
import type { Tx } from '../db/transaction.ts';
import { ruledAccount } from '../domain/entry-rules.ts';
import {
  type Decision,
  type Expected,
  type MoneyCame,
  scoreOf,
  type Suggestion,
} from '../domain/matching.ts';
import { decide, ranked } from '../domain/matching-rules.ts';
import { type PayerName, readName, resemblance } from '../domain/payer-names.ts';
import { findReferences } from '../domain/payment-reference.ts';
import type { MatchingPolicy } from '../domain/policy-matching.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { lookOutward } from './entry-outward.ts';

/** What the bank says of an entry, in words. */
export const textOf = ({ payerName, remittance, endToEnd, reference }: BankEntry): string =>
  [payerName, remittance, endToEnd, reference].filter((each) => each != null && each !== '').join('\n');

/** The references an entry names, each field by itself, each once. */
export function referencesOf({ remittance, endToEnd, reference }: BankEntry): string[] {
  const texts = [remittance, endToEnd ?? '', reference ?? ''];
  return [...new Set(texts.flatMap((text) => findReferences(text)))];
}

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

function expectedOf(row: CandidateRow, read: NameReader): Expected {
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

/** Decides on entries of one library (P9), in their order, from what is true now; nothing is changed. Whoever books it looks at the payments again, locked. */
export async function lookAtEntries(
  tx: Tx,
  policy: LibraryPolicy,
  entries: readonly BankEntry[],
): Promise<Decision[]> {
  const { matching } = policy.money;
  const read = nameReader();
  const named = new Map(entries.map((entry) => [entry.id, referencesOf(entry)]));
  const references = [...named.values()].flat();
  const found =
    references.length > 0 ? await paymentsNamed(tx, policy.code, policy.timeZone, references) : [];
  const byReference = new Map(found.map((row) => [row.reference, expectedOf(row, read)]));
  const unnamed = entries.filter(
    ({ id, amount }) => amount > 0n && !named.get(id)?.some((each) => byReference.has(each)),
  );
  const byAmount = await dueOf(tx, policy, unnamed, read);
  const decisions: Decision[] = [];
  const payouts =
    unnamed.length > 0
      ? await payoutsOf(
          tx,
          policy.code,
          unnamed.map(({ amount }) => amount),
        )
      : [];
  for (const entry of entries) {
    const account = accountFor(matching, entry, payouts);
    const mine = (named.get(entry.id) ?? []).flatMap((each) => byReference.get(each) ?? []);
    if (account !== undefined && mine.length === 0) {
      const amountMinor = Number(entry.amount < 0n ? -entry.amount : entry.amount);
      decisions.push({ parts: [{ to: 'account', account, amountMinor }], fee: 0n, reasons: ['rule'] });
    } else if (entry.amount < 0n) decisions.push(await lookOutward(tx, policy, entry, mine));
    else decisions.push(await lookInward(tx, policy, { entry, mine, byAmount, read }));
  }
  return decisions;
}

/** The account of the ledger that an entry belongs to which is no reader's: by the policy's rules, or since it names a gateway's payout of its amount (P9). */
function accountFor(
  matching: MatchingPolicy,
  entry: BankEntry,
  payouts: readonly PayoutRow[],
): string | undefined {
  const { code = null, payerAccount: counterparty = null, amount, currency } = entry;
  const text = textOf(entry);
  const ruled = ruledAccount(matching, { amount, code, counterparty, text });
  if (ruled !== undefined) return ruled;
  const paidOut = payouts.find(
    (payout) =>
      BigInt(payout.amount) === amount &&
      payout.currency === currency &&
      text.toLowerCase().includes(payout.payout.toLowerCase()),
  );
  return paidOut && `gateway:${paidOut.provider}`;
}

async function dueOf(
  tx: Tx,
  { code, timeZone, money }: LibraryPolicy,
  entries: readonly BankEntry[],
  read: NameReader,
): Promise<Expected[]> {
  if (entries.length === 0) return [];
  const { bankFees } = money.matching;
  const ranges = entries.map(({ amount, charges }) => {
    const stated = Math.min(Number(charges), bankFees.statedUpTo);
    return { from: amount, to: amount + BigInt(Math.max(stated, bankFees.upTo)) };
  });
  return (await paymentsDue(tx, code, timeZone, ranges)).map((row) => expectedOf(row, read));
}

interface Inward {
  readonly entry: BankEntry;
  readonly mine: readonly Expected[];
  readonly byAmount: readonly Expected[];
  readonly read: NameReader;
}

function cameOf({ amount, currency, charges, bookedOn, payerName }: BankEntry, read: NameReader): MoneyCame {
  const payer = payerName == null || payerName === '' ? undefined : read(payerName);
  return { amount, currency, charges, bookedOn, payer };
}

async function lookInward(
  tx: Tx,
  policy: LibraryPolicy,
  { entry, mine, byAmount, read }: Inward,
): Promise<Decision> {
  const came = cameOf(entry, read);
  const { matching } = policy.money;
  const first = decide(came, mine, byAmount, matching);
  if ('parts' in first || mine.length > 0) return first;
  const readers = await readersLike(tx, policy, entry, read);
  if (readers.length === 0) return first;
  const ids = readers.map(({ id }) => id);
  const more = (await paymentsOf(tx, policy.code, policy.timeZone, ids)).map((row) => expectedOf(row, read));
  const known = new Set(byAmount.map(({ paymentId }) => paymentId));
  const all = [...byAmount, ...more.filter(({ paymentId }) => !known.has(paymentId))];
  const again = decide(came, mine, all, matching);
  if ('parts' in again) return again;
  return { suggestions: ranked([...again.suggestions, ...creditsFor(entry, readers)]) };
}

interface LikeReader {
  readonly id: string;
  readonly like: NonNullable<ReturnType<typeof resemblance>>;
}

const fewestLetters = 2;

async function readersLike(
  tx: Tx,
  { code }: LibraryPolicy,
  { payerName, remittance }: BankEntry,
  read: NameReader,
): Promise<LikeReader[]> {
  const words = (payerName ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => Array.from(word).length >= fewestLetters)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 3);
  if (words.length === 0) return [];
  const payer = read(payerName ?? '');
  const text = remittance.normalize('NFKC').toLowerCase();
  const found = await readersNamed(tx, code, words);
  return found.flatMap(({ id, name }) => {
    const stated = text !== '' && text.includes(name.normalize('NFKC').toLowerCase()) ? 'name' : undefined;
    const like = stated ?? resemblance(payer, read(name));
    return like === undefined ? [] : [{ id, like }];
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
