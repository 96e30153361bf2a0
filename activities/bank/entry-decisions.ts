import { type BankEntry, EntrySuggestion, Payment } from '../../db/entities/index.ts';
import { lockEntries } from '../../db/locks-in-bulk.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { feeAllowed, type Outcome, type Part } from '../../domain/matching.ts';
import { isRefused, type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { bookParts, bookToAccount } from './entry-bookings.ts';
import { cashWaits, type CashWish, partsOfWish } from './entry-cash.ts';
import { type Deciding, nothingTold, openOf, type Told } from './entry-ledger.ts';
import { decided, entrySubject } from './entry-states.ts';
import { sendBack, type SendBack } from './entry-returns.ts';
import { undoEntry, type UndoEntry } from './entry-undo.ts';
import { tell } from './match-entries.ts';
import { record } from '../record.ts';

/** A member of staff decides on an entry of a bank's statement. */
export interface DecideEntry extends Step {
  readonly entryId: string;
  readonly library: string;
  readonly actor: Actor;
}

export interface AcceptSuggestion extends DecideEntry {
  readonly suggestionId: string;
}

/** Staff say themselves where the money belongs: to payments, or to readers' credit; or that it is the library's own cash. */
export interface AssignEntry extends DecideEntry {
  readonly parts: readonly (ReadersPart | CashWish)[];
}

type ReadersPart = Extract<Part, { to: 'payment' | 'credit' }>;

export interface IgnoreEntry extends DecideEntry {
  /** Why; staff write it. */
  readonly remarkId: string;
}

/** `told`: processes to be woken after the commit. */
export interface EntryDecided extends Told {
  readonly entryId: string;
  readonly outcome: Outcome | 'undone';
}

export function createEntryCommands(deps: ActivityDeps) {
  return {
    acceptSuggestion: (step: AcceptSuggestion) => decideEntry(deps, step, accept),
    assignEntry: (step: AssignEntry) => decideEntry(deps, step, assign),
    ignoreEntry: (step: IgnoreEntry) => decideEntry(deps, step, ignore),
    sendEntryBack: (step: SendBack) => decideEntry(deps, step, sendBack),
    undoEntry: (step: UndoEntry) => decideEntry(deps, step, undoEntry),
  };
}

/** How a decision is made, the entry locked: of two at once the second finds what the first has left of it. */
export type Decide<S> = (
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  deciding: Deciding & { readonly step: S; readonly told: Told },
) => Promise<Refused | { readonly outcome: Outcome | 'undone' }>;

async function decideEntry<S extends DecideEntry & { readonly remarkId?: string }>(
  deps: ActivityDeps,
  step: S,
  decide: Decide<S>,
): Promise<Refused | EntryDecided> {
  const { entryId, library, actor, now, remarkId } = step;
  const told = nothingTold();
  const answer = await once(deps.orm, step, async (tx): Promise<Refused | EntryDecided> => {
    const [entry] = await lockEntries(tx, [entryId]);
    if (!entry || entry.library !== library || entry.state === 'new')
      return refuse({ code: 'entry-unknown' });
    const deciding = { step, told, actor, at: new Date(now), remarkId };
    const made = await decide(deps, tx, entry, deciding);
    if (isRefused(made)) return made;
    const { outcome } = made;
    const detail = { entryId, outcome, ...(remarkId !== undefined && { remarkId }) };
    record(tx, entrySubject(entry), { kind: 'entry-decided', actor, at: deciding.at, detail });
    const late = told.late.map(({ id, patronId, state }) => ({ id, library, patronId, state }));
    return { entryId, outcome, wake: told.wake, late };
  });
  if ('wake' in answer) await tell(deps, answer);
  return answer;
}

/** Why an entry is nobody's to decide on any more: who was quicker, and when. */
export function decidedBefore({ state, decidedBy, decidedAt }: BankEntry): Reason[] {
  if (state === 'suspended') return [];
  const who = decidedBy == null || decidedAt == null ? {} : { by: decidedBy, at: decidedAt.toISOString() };
  return [{ code: 'entry-decided', ...who }];
}

const accept: Decide<AcceptSuggestion> = async (deps, tx, entry, { step, ...deciding }) => {
  const reasons = decidedBefore(entry);
  if (reasons.length > 0) return refuse(...reasons);
  const suggestion = await tx.findOne(EntrySuggestion, { id: step.suggestionId, entryId: entry.id });
  if (!suggestion) return refuse({ code: 'suggestion-outdated' });
  return bookDecided(deps, tx, entry, suggestion.parts, deciding);
};

const assign: Decide<AssignEntry> = async (deps, tx, entry, { step, ...deciding }) => {
  const reasons = decidedBefore(entry);
  const cash = step.parts.flatMap((part) => (part.to === 'cash' ? [part] : []));
  const readers = step.parts.flatMap((part) => (part.to === 'cash' ? [] : [part]));
  if (reasons.length === 0 && entry.amount < 0n && readers.length > 0)
    reasons.push({ code: 'entry-outgoing' });
  if (reasons.length === 0) reasons.push(...(await partReasons(tx, entry, readers)));
  const parts: Part[] = [...readers];
  for (const wish of reasons.length > 0 ? [] : cash) {
    const found = await partsOfWish(tx, deps.policies.get(entry.library), entry, wish);
    if (isRefused(found)) return found;
    parts.push(...found);
  }
  if (reasons.length > 0) return refuse(...reasons);
  return bookDecided(deps, tx, entry, parts, deciding);
};

/** Whose payments and cards the parts name, and whether they are of the entry's library and currency. */
async function partReasons(tx: Tx, entry: BankEntry, parts: readonly ReadersPart[]): Promise<Reason[]> {
  const reasons: Reason[] = [];
  for (const part of parts) {
    if (part.to === 'payment') {
      const payment = await tx.findOne(Payment, { id: part.paymentId, library: entry.library });
      if (!payment || !(await isKnown(tx, entry.library, payment.patronId)))
        reasons.push({ code: 'payment-unknown', paymentId: part.paymentId });
    } else if (!(await isKnown(tx, entry.library, part.patronId)))
      reasons.push({ code: 'patron-unknown', patronId: part.patronId });
  }
  return reasons;
}

/** A card that was not erased. */
async function isKnown(tx: Tx, library: string, patronId: string): Promise<boolean> {
  const sql = 'select id from patron where id = ? and library = ? and erased_at is null';
  return (await tx.execute<{ id: string }[]>(sql, [patronId, library])).length > 0;
}

/** Books parts that staff have chosen; what banks have kept may be missing, within the policy's limits. What is left over of the entry waits on. */
async function bookDecided(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  parts: readonly Part[],
  { told, ...deciding }: Deciding & { readonly told: Told },
): Promise<Refused | { readonly outcome: Outcome }> {
  const policy = deps.policies.get(entry.library);
  const open = await openOf(tx, entry);
  const openMinor = Number(open < 0n ? -open : open);
  const stated = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const fee = Math.max(0, stated - openMinor);
  if (BigInt(fee) > feeAllowed(entry.charges, policy.money.matching) || (fee > 0 && entry.amount < 0n))
    return refuse({ code: 'parts-exceed-entry', openMinor });
  const foreign = await otherCurrency(tx, entry, parts, policy.currency);
  if (foreign) return refuse({ code: 'entry-currency', currency: entry.currency });
  if (!(await cashWaits(tx, entry, parts))) return refuse({ code: 'suggestion-outdated' });
  const booked = await bookParts(deps, tx, entry, parts, {
    fee: BigInt(fee),
    told,
    mayCharge: true,
    ...deciding,
  });
  if (isRefused(booked)) return booked;
  await decided(tx, entry, booked.outcome, deciding);
  return booked;
}

async function otherCurrency(
  tx: Tx,
  { currency }: BankEntry,
  parts: readonly Part[],
  own: string,
): Promise<boolean> {
  const ids = parts.flatMap((part) => (part.to === 'payment' ? [part.paymentId] : []));
  const credits = parts.some(({ to }) => to === 'credit');
  const others = await tx.count(Payment, { id: { $in: ids }, currency: { $ne: currency } });
  return others > 0 || (credits && currency !== own);
}

/** The account of money that is none of the library's readers'. */
const other = (account: string): string => `other:${account}`;

const ignore: Decide<IgnoreEntry> = async (_deps, tx, entry, { step: _step, told: _told, ...deciding }) => {
  const reasons = decidedBefore(entry);
  if (reasons.length > 0) return refuse(...reasons);
  const open = await openOf(tx, entry);
  const amountMinor = Number(open < 0n ? -open : open);
  await bookToAccount(tx, entry, { to: 'account', account: other(entry.account), amountMinor }, deciding);
  await decided(tx, entry, 'ignored', deciding);
  return { outcome: 'ignored' };
};
