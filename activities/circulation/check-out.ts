import { Hold, type IllRequest, Item, Loan, type Patron } from '../../db/entities/index.ts';
import { lockItem, lockPatron, lockTitle } from '../../db/locks.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { copiesOfIssue } from '../../db/queries/queue.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { checkOutReasons, dueAt } from '../../domain/loans.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { close } from './end-hold.ts';
import { instant, patronSituation, toDate } from '../facts.ts';
import { chargeHold } from './hold-fees.ts';
import { holdStanding } from './hold-standing.ts';
import { handedOver, lendingReasons, lockRequestOf } from '../ill/desk.ts';
import { loanStanding } from './loan-standing.ts';
import { aheadOf, nobodyAhead, passOn, passOver } from './queue.ts';
import { holdSubject, loanSubject, record } from '../record.ts';

export interface CheckOut {
  readonly loanId: string;
  readonly library: string;
  readonly patronId: string;
  readonly itemId: string;
  readonly branch: string;
  readonly actor: Actor;
  /** Of what its supplier lends for use in the library only: it is used there, or goes out all the same. */
  readonly use?: 'inside' | 'overridden';
  readonly now: number;
}

interface Counter {
  readonly deps: ActivityDeps;
  readonly tx: Tx;
  readonly policy: LibraryPolicy;
  readonly patron: Patron;
  readonly item: Item;
  /** The request that it came for, of another library's thing. */
  readonly request: IllRequest | undefined;
  readonly wish: CheckOut;
  readonly at: Date;
}

/**
 * Lends an item at the desk (L1); the reader's hold of the title ends in the same transaction (H9). The loan's id is the key: a loan that exists already is
 * answered as it stands.
 */
export async function checkOut(
  deps: ActivityDeps,
  wish: CheckOut,
): Promise<Refused | { standing: Standing }> {
  const policy = deps.policies.get(wish.library);
  const outcome = await inTransaction(deps.orm, async (tx) => {
    const patron = await lockPatron(tx, wish.patronId);
    const lent = await tx.findOne(Loan, { id: wish.loanId });
    if (lent)
      return { standing: await loanStanding(deps, tx, lent, wish.now), wake: holdOf(lent), standings: {} };
    const seen = await tx.findOne(Item, { id: wish.itemId });
    const request = seen ? await lockRequestOf(tx, seen) : undefined;
    if (seen) await lockTitle(tx, seen.titleId);
    const item = await lockItem(tx, wish.itemId);
    if (!patron || patron.library !== wish.library) return refuse({ code: 'patron-unknown' });
    if (!item || item.library !== wish.library) return refuse({ code: 'item-unknown' });
    return lend({ deps, tx, policy, patron, item, request, wish, at: new Date(wish.now) });
  });
  if ('refused' in outcome) return outcome;
  await deps.engine.wake(outcome.wake, outcome.standings);
  return { standing: outcome.standing };
}

const holdOf = (loan: Loan): string[] => (loan.holdId ? [`hold:${loan.holdId}`] : []);

async function lend(counter: Counter) {
  const { deps, tx, policy, patron, item, request, wish, at } = counter;
  const inHand = { item, policy, at, actor: wish.actor };
  const own = await ownHold(tx, patron.id, item);
  const claim = await claimOf(tx, item, patron.id);
  const place = { patronId: patron.id, queueNo: own?.queueNo ?? Number.MAX_SAFE_INTEGER };
  const ahead = claim === 'nobody' ? await aheadOf(tx, inHand, place) : nobodyAhead;
  const situation = await patronSituation(tx, policy, patron, item.titleId);
  const kind = await kindOf(tx, item);
  const ordinary = checkOutReasons({
    policy,
    patron: situation.patron,
    kind,
    item,
    claim,
    aheadInQueue: ahead.waiting,
    openLoans: situation.openLoans,
    today: civilDay(policy, instant(at)),
  });
  const reasons = request ? await withLending(counter, request, ordinary) : ordinary;
  if (reasons.length > 0) return refuse(...reasons);

  const usual = toDate(
    dueAt({
      policy,
      closures: await closuresFrom(tx, wish.library, at),
      branch: wish.branch,
      kind,
      from: instant(at),
    }),
  );
  const due = request?.dueAt && request.dueAt > at ? request.dueAt : usual;
  const passed = await passOver(tx, inHand, ahead.hindered);
  const wake = [...passed, ...(own ? await collect(counter, own) : [])];
  const loan = tx.create(Loan, {
    id: wish.loanId,
    library: wish.library,
    patronId: patron.id,
    titleId: item.titleId,
    itemId: item.id,
    holdId: own?.id ?? null,
    kind,
    branch: wish.branch,
    checkedOutAt: at,
    checkedOutBy: wish.actor,
    dueAt: due,
    renewals: 0,
  });
  Object.assign(item, {
    state: 'on-loan',
    stateSince: at,
    atBranch: wish.branch,
    transitTo: null,
    holdId: null,
  });
  record(tx, loanSubject(loan), {
    kind: 'checked-out',
    actor: wish.actor,
    at,
    detail: { itemId: item.id, dueAt: due, ...(wish.use && { use: wish.use }) },
  });
  if (request) wake.push(handedOver(tx, request, loan.id, due, { at, actor: wish.actor }));
  const standings = own && { [`hold:${own.id}`]: await holdStanding(deps, tx, own, wish.now) };
  return { standing: await loanStanding(deps, tx, loan, wish.now), wake, standings };
}

/** Why it is not lent, with what concerns another library's thing; each once. */
async function withLending(
  { tx, policy, patron, wish: { use } }: Counter,
  request: IllRequest,
  ordinary: readonly Reason[],
): Promise<Reason[]> {
  const own = await lendingReasons(tx, policy, request, { patronId: patron.id, use });
  return [...ordinary, ...own.filter(({ code }) => !ordinary.some((each) => each.code === code))];
}

async function kindOf(tx: Tx, item: Item): Promise<Loan['kind']> {
  const [row] = await tx.execute<{ kind: Loan['kind'] }[]>('select kind from title where id = ?', [
    item.titleId,
  ]);
  if (!row) throw new Error(`Item ${item.id} has no title.`);
  return row.kind;
}

/** The reader's open hold that this item fulfils: the one it is kept for, or any of the title that asks for no other issue. */
async function ownHold(tx: Tx, patronId: string, item: Item): Promise<Hold | undefined> {
  const holds = await tx.find(Hold, {
    patronId,
    titleId: item.titleId,
    state: { $in: ['waiting', 'in-transit', 'secured'] },
  });
  const kept = holds.find((hold) => hold.id === item.holdId);
  if (kept || holds.length === 0) return kept;
  const copies = await copiesOfIssue(tx, item.id);
  return holds.find((hold) => !hold.requestedItemId || copies.includes(hold.requestedItemId));
}

async function claimOf(
  tx: Tx,
  item: Item,
  patronId: string,
): Promise<'nobody' | 'this-patron' | 'other-patron'> {
  const holder = await holderOf(tx, item);
  if (!holder) return 'nobody';
  return holder === patronId ? 'this-patron' : 'other-patron';
}

async function holderOf(tx: Tx, item: Item): Promise<string | undefined> {
  if (item.state === 'on-loan') return (await tx.findOne(Loan, { itemId: item.id, endedAt: null }))?.patronId;
  return item.holdId ? (await tx.findOne(Hold, { id: item.holdId }))?.patronId : undefined;
}

/** Ends the reader's hold as collected. If another item was kept for it, that one goes to the next reader or off the hold shelf. */
async function collect({ tx, policy, item, wish, at }: Counter, hold: Hold): Promise<string[]> {
  const kept = hold.itemId && hold.itemId !== item.id ? hold.itemId : undefined;
  if (hold.state === 'secured') await chargeHold(tx, policy, hold, 'secured', { at, actor: wish.actor });
  await close(tx, hold, 'collected', 'collected', at);
  hold.itemId = item.id;
  record(tx, holdSubject(hold), {
    kind: 'hold-collected',
    actor: wish.actor,
    at,
    detail: { loanId: wish.loanId, itemId: item.id },
  });
  const own = `hold:${hold.id}`;
  const other = kept ? await lockItem(tx, kept) : undefined;
  if (!other || other.holdId !== hold.id) return [own];
  const served = await passOn(tx, { item: other, policy, at, actor: wish.actor });
  return [own, ...served.wake];
}
