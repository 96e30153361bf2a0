import type { BankEntry } from '../../db/entities/index.ts';
import { lockEntries, lockNewEntries } from '../../db/locks-in-bulk.ts';
import { MovedOn } from '../../db/locks.ts';
import { lockChargesToSettle, readLockedPayments } from '../../db/settle-tables.ts';
import { inTransaction, reader, type Tx } from '../../db/transaction.ts';
import type { Decision, Suggestion } from '../../domain/matching.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { isRefused } from '../../domain/refusal.ts';
import { decideLocked } from './decide-entries.ts';
import type { ActivityDeps } from '../deps.ts';
import { bookEntry, bookParts } from './entry-bookings.ts';
import { type Deciding, type ManyTold, nothingTold, type Told } from './entry-ledger.ts';
import { withCharges } from './entry-reversals.ts';
import { decided, offer, suspend } from './entry-states.ts';
import { settleMany } from './settle-many.ts';
import type { ManySettled } from './settle-plan.ts';
import { type ManyWaiting, suspendMany } from './suspend-many.ts';

export interface MatchEntries {
  readonly library: string;
  /** One bank account, by its code; all unless stated. */
  readonly account?: string;
  /** Where the page before ended. */
  readonly afterId?: string;
  /** How many entries a call looks at. */
  readonly limit: number;
  /** Also those that wait for staff: a payment may have been begun, or a reader's name corrected, since. */
  readonly again?: boolean;
  readonly now: number;
}

export interface EntriesMatched {
  /** How many were booked to where they belong, and how many wait for staff. */
  readonly matched: number;
  readonly suspended: number;
  /** Where the next page begins; absent after the last. */
  readonly afterId?: string;
}

const firstId = '00000000-0000-0000-0000-000000000000';
const together = 250;
/** While the database works for one transaction, the next is made ready. */
const lanes = 2;

/**
 * Books a page of entries of bank statements (P9), each once whatever is repeated: into the bank account, and to where the rules say it belongs; where they do not say,
 * it waits for staff. Some at a time in one transaction, two such transactions at once; when one of them fails, or somebody else was quicker, each by itself.
 *
 * @throws the first error of entries that could not be booked; the others are booked by then
 */
export async function matchEntries(deps: ActivityDeps, step: MatchEntries): Promise<EntriesMatched> {
  const ids = await waiting(deps, step);
  const count = { matched: 0, suspended: 0 };
  const failures: unknown[] = [];
  const telling: Promise<void>[] = [];
  const tellBeside: TellBeside = (told) => {
    telling.push(tellMany(deps, told).catch((error: unknown) => void failures.push(error)));
  };
  const batches = chunks(ids).values();
  const lane = async (): Promise<void> => {
    for (const some of batches) {
      try {
        add(count, await matchTogether(deps, some, step.now, tellBeside));
      } catch {
        await eachByItself(deps, some, step.now, { count, failures });
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await Promise.all(telling);
  if (failures.length > 0) throw failures[0];
  const last = ids.length === step.limit ? ids.at(-1) : undefined;
  return { ...count, ...(last !== undefined && { afterId: last }) };
}

function chunks(ids: readonly string[]): string[][] {
  const starts = Array.from({ length: Math.ceil(ids.length / together) }, (_, index) => index * together);
  return starts.map((from) => ids.slice(from, from + together));
}

async function eachByItself(
  deps: ActivityDeps,
  ids: readonly string[],
  now: number,
  { count, failures }: { readonly count: Count; readonly failures: unknown[] },
): Promise<void> {
  for (const id of ids)
    await matchOne(deps, id, now).then(
      (one) => add(count, one),
      (error) => failures.push(error),
    );
}

type TellBeside = (told: ManyTold) => void;

interface Count {
  matched: number;
  suspended: number;
}

function add(all: Count, some: Count): void {
  all.matched += some.matched;
  all.suspended += some.suspended;
}

async function waiting(
  deps: ActivityDeps,
  { library, account, afterId = firstId, limit, again = false }: MatchEntries,
): Promise<string[]> {
  const sql = `select id from bank_entry where library = ? and (?::text is null or account = ?) and id > ?
    and (state = 'new' or ? and state = 'suspended' and decided_at is null) order by id limit ?`;
  const values = [library, account ?? null, account ?? null, afterId, again, limit];
  const rows = await reader(deps.orm).execute<{ id: string }[]>(sql, values);
  return rows.map(({ id }) => id);
}

const mostTries = 5;

/** Somebody else may have changed what it was about to book; then it looks again. */
async function matchOne(deps: ActivityDeps, id: string, now: number): Promise<Count> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await matchAlone(deps, id, now);
    } catch (error) {
      if (!(error instanceof MovedOn) || tries === mostTries) throw error;
    }
  }
}

/**
 * Books in a few statements what is nothing but a settlement, and all else entry by entry, each in a transaction of its own. Whoever waits for the former is told
 * after the commit, beside what comes next.
 */
async function matchTogether(
  deps: ActivityDeps,
  ids: readonly string[],
  now: number,
  tellBeside: TellBeside,
): Promise<Count> {
  const deciding: Deciding = { at: new Date(now), actor: 'system' };
  const told: ManyTold = { ...nothingTold(), wakeListed: [] };
  const { others, ...count } = await inTransaction(deps.orm, async (tx) => {
    const entries = await lockNewEntries(tx, ids);
    const [first] = entries;
    if (!first) return { matched: 0, suspended: 0, others: [...ids] };
    const policy = deps.policies.get(first.library);
    const decisions = await decideLocked(tx, policy, entries);
    const settled = await settleTogether(tx, policy, entries, decisions, { told, ...deciding });
    const open = entries.flatMap((entry, index) => unsettled(entry, decisions[index], settled));
    await suspendMany(tx, policy, open, deciding);
    const done = new Set([...settled.entries, ...open.map(({ entry }) => entry.id)]);
    const left = ids.filter((id) => !done.has(id));
    return { matched: settled.entries.size, suspended: open.length, others: left };
  });
  tellBeside(told);
  for (const id of others) add(count, await matchOne(deps, id, now));
  return count;
}

/** The ids of what was settled. */
interface SettledTogether {
  readonly entries: ReadonlySet<string>;
  readonly payments: ReadonlySet<string>;
}

async function settleTogether(
  tx: Tx,
  policy: LibraryPolicy,
  entries: readonly BankEntry[],
  decisions: readonly Decision[],
  deciding: Deciding & { readonly told: ManyTold },
): Promise<SettledTogether> {
  const many = entries.flatMap((entry, index) => plainly(entry, decisions[index]));
  const payments = await readLockedPayments(
    tx,
    many.flatMap(({ parts }) => parts.map(({ paymentId }) => paymentId)),
  );
  const lines = [...payments.values()].flatMap((payment) => payment.lines);
  const charges = await lockChargesToSettle(
    tx,
    lines.map(({ chargeId }) => chargeId),
  );
  const left = await settleMany(tx, policy, many, { payments, charges }, deciding);
  const others = new Set(left.map(({ id }) => id));
  const done = many.filter(({ entry }) => !others.has(entry.id));
  return {
    entries: new Set(done.map(({ entry }) => entry.id)),
    payments: new Set(done.flatMap(({ parts }) => parts.map(({ paymentId }) => paymentId))),
  };
}

/** Money that came in and waits for staff; not where what it may be has just been settled, since then it may be something else. */
function unsettled(
  entry: BankEntry,
  decision: Decision | undefined,
  settled: SettledTogether,
): ManyWaiting[] {
  if (!decision || 'parts' in decision || entry.amount < 0n || entry.journalId != null) return [];
  const { suggestions } = decision;
  const paid = suggestions.some(({ parts }) =>
    parts.some((part) => part.to === 'payment' && settled.payments.has(part.paymentId)),
  );
  return paid ? [] : [{ entry, suggestions }];
}

/** A decision that is nothing but money for payments. */
function plainly(entry: BankEntry, decision: Decision | undefined): ManySettled[] {
  if (!decision || !('parts' in decision)) return [];
  const parts = decision.parts.flatMap((part) => (part.to === 'payment' ? [part] : []));
  return parts.length === decision.parts.length ? [{ entry, parts, fee: decision.fee }] : [];
}

async function matchAlone(deps: ActivityDeps, id: string, now: number): Promise<Count> {
  const deciding: Deciding = { at: new Date(now), actor: 'system' };
  const told = nothingTold();
  const count = await inTransaction(deps.orm, async (tx) => {
    const entries = (await lockEntries(tx, [id])).filter(
      ({ state }) => state === 'new' || state === 'suspended',
    );
    const [first] = entries;
    if (!first) return { matched: 0, suspended: 0 };
    const policy = deps.policies.get(first.library);
    for (const entry of entries) await bookEntry(tx, entry, deciding);
    const decisions = await decideLocked(tx, policy, entries);
    const all = { matched: 0, suspended: 0 };
    for (const [index, entry] of entries.entries()) {
      const decision = decisions[index] as Decision;
      const done = await settleEntry(deps, tx, entry, decision, { told, ...deciding });
      all[done ? 'matched' : 'suspended'] += 1;
    }
    return all;
  });
  await tell(deps, told);
  return count;
}

/** Books what was decided; false when it waits for staff. What was refused – a booking that cannot be taken back – is offered to them. */
async function settleEntry(
  deps: ActivityDeps,
  tx: Tx,
  entry: BankEntry,
  decision: Decision,
  { told, ...deciding }: Deciding & { readonly told: Told },
): Promise<boolean> {
  const policy = deps.policies.get(entry.library);
  if ('parts' in decision) {
    const { parts, fee } = decision;
    const mayCharge = policy.money.matching.returned === 'charge';
    const booked = await bookParts(deps, tx, entry, parts, { fee, told, mayCharge, ...deciding });
    if (!isRefused(booked)) {
      await decided(tx, entry, booked.outcome, deciding);
      return true;
    }
    await wait(tx, policy, entry, [{ parts, score: 50, reasons: decision.reasons }], deciding.at);
  } else await wait(tx, policy, entry, decision.suggestions, deciding.at);
  return false;
}

/** The entry waits for staff, from now or still. */
async function wait(
  tx: Tx,
  policy: LibraryPolicy,
  entry: BankEntry,
  suggestions: readonly Suggestion[],
  at: Date,
): Promise<void> {
  const offered = await withCharges(tx, suggestions);
  if (entry.state === 'suspended') await offer(tx, entry, offered);
  else await suspend(tx, policy, entry, offered, at);
}

/** Wakes who waits, after the commit. A payment whose process has ended is begun again, so that what it has to tell its reader is delivered. */
export async function tell(deps: ActivityDeps, { wake, late }: Told): Promise<void> {
  await deps.engine.wake([...new Set(wake)]);
  for (const { id, library, patronId, state } of late)
    await deps.engine.restart({ process: 'payment', id, library, patronId, state });
}

async function tellMany(deps: ActivityDeps, { wakeListed, ...told }: ManyTold): Promise<void> {
  await Promise.all([deps.engine.wakeListed(wakeListed), tell(deps, told)]);
}
