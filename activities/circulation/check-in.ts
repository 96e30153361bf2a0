import { Hold, type IllRequest, Item, Loan, type SupplyRequest } from '../../db/entities/index.ts';
import { lockItem, lockPatron, lockTitle, MovedOn, present } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { chargesHold } from './hold-fees.ts';
import { holdStanding } from './hold-standing.ts';
import { cameBack, foundAgain, goesBackTo, lockRequestOf } from '../ill/desk.ts';
import { loanStanding } from './loan-standing.ts';
import { chargedFor, refundFound } from './lost-items.ts';
import { chargeOverdue } from './overdue-charge.ts';
import { serveNext, takeBack } from './queue.ts';
import { withdrawNotices } from '../notices/queue-notice.ts';
import { itemSubject, loanSubject, record } from '../record.ts';
import { assign, type InHand, servingBranch } from './secure.ts';
import { completeReturn, lockSupplyOf } from '../supply/back.ts';
import { type SupplyInHand, supplyProcess } from '../supply/desk.ts';

export interface CheckIn extends Step {
  /** The key of the scan, whichever workflow carries it: sent again, perhaps by way of a later loan, it must not end that loan too. */
  readonly scanId: string;
  readonly itemId: string;
  /** Where the item was scanned. */
  readonly branch: string;
  readonly actor: Actor;
}

/** What the desk does with the item in its hand. */
export type Instruction =
  | { readonly do: 'shelve' }
  | { readonly do: 'keep'; readonly holdId: string }
  | { readonly do: 'send'; readonly to: string; readonly holdId?: string }
  /** Another library's thing: to the supplier of that code. */
  | { readonly do: 'send-back'; readonly to: string; readonly requestId: string };

export interface CheckedIn {
  readonly instruction: Instruction;
  readonly loanId?: string;
  /** Where the loan stands that ended with this. */
  readonly loan?: Standing;
}

/**
 * An item scanned at a desk (L1): ends its loan if it was out, then it is the next reader's, on its way, or back on the shelf. An item that already has its place
 * gets the same instruction again, so that scanning twice does no harm.
 */
export async function checkIn(deps: ActivityDeps, scan: CheckIn): Promise<Refused | CheckedIn> {
  const step = { operation: `scan:${scan.scanId}`, now: scan.now };
  const outcome = await once(deps.orm, step, async (tx) => {
    const seen = await tx.findOne(Item, { id: scan.itemId });
    if (!seen) return { ...refuse({ code: 'item-unknown' }), wake: [] };
    const { item, loan, lostBy, supply, request } = await lockInHand(tx, seen);
    if (item.state === 'withdrawn') return { ...refuse({ code: 'item-withdrawn' }), wake: [] };
    const policy = deps.policies.get(item.library);
    const inHand = { item, policy, at: new Date(scan.now), actor: scan.actor };
    if (lostBy) await refundFound(tx, policy, item, lostBy, inHand);
    const ended = loan && (await endLoan(deps, tx, inHand, loan, scan.branch));
    const back = supply && (await returnOf(deps, tx, inHand, supply));
    const returned = loan && request && (await cameBack(tx, policy, request, item, 'returned', inHand));
    const isFound = request?.state === 'lost' && item.state === 'lost';
    const found = isFound && (await foundAgain(tx, policy, request, item, inHand));
    const placed = await placeBack(tx, inHand, scan.branch);
    const { hold, wake } = placed;
    const instruction = (request && (await sendBack(tx, request, item))) ?? placed.instruction;
    const loanNews = loan && { loanId: loan.id, loan: ended };
    const told = hold && !chargesHold(policy, 'secured') ? hold : undefined;
    const standings = told && { [`hold:${told.id}`]: await holdStanding(deps, tx, told, scan.now) };
    const toWake = [
      ...wake,
      ...loanToWake(loan, scan),
      ...(back?.wake ?? []),
      ...(returned ? [returned] : []),
    ];
    const rouse = [...(back?.rouse ?? []), ...(found ? [found] : [])];
    return { instruction, ...loanNews, wake: toWake, standings, ...(rouse.length > 0 && { rouse }) };
  });
  const { wake, standings, rouse, ...answer } = { standings: undefined, rouse: undefined, ...outcome };
  await deps.engine.wake(wake, standings);
  if (rouse) await deps.engine.rouse(rouse);
  return answer as Refused | CheckedIn;
}

/** Of a copy that was with another library: its request ends, and the library is told (I13). */
async function returnOf(
  deps: ActivityDeps,
  tx: Tx,
  { policy, at, actor }: InHand,
  supply: SupplyRequest,
): Promise<Pick<SupplyInHand, 'rouse' | 'wake'>> {
  const hand = { deps, tx, policy, supply, at, actor, rouse: [], wake: [supplyProcess(supply)] };
  await completeReturn(hand);
  return hand;
}

interface Held {
  readonly item: Item;
  readonly loan: Loan | undefined;
  readonly lostBy: string | undefined;
  /** Of a copy that is out for another library. */
  readonly supply: SupplyRequest | undefined;
  /** Of another library's thing the request that it came for. */
  readonly request: IllRequest | undefined;
}

/** The loan's reader – or who was charged for the lost item –, the outside request, the title, the item, in that order; if the item has changed hands in between, the step begins again. */
export async function lockInHand(tx: Tx, seen: Item): Promise<Held> {
  const before = await tx.findOne(Loan, { itemId: seen.id, endedAt: null });
  const lostBy = seen.state === 'lost' ? await chargedFor(tx, seen.id) : undefined;
  const patronId = before?.patronId ?? lostBy;
  if (patronId) await lockPatron(tx, patronId);
  const supply = seen.state === 'lent-out' ? await lockSupplyOf(tx, seen.id) : undefined;
  const request = await lockRequestOf(tx, seen);
  await lockTitle(tx, seen.titleId);
  const item = present(await lockItem(tx, seen.id), `item ${seen.id}`);
  const loan = await tx.findOne(Loan, { itemId: seen.id, endedAt: null }, { refresh: true });
  const lentOutSince = item.state === 'lent-out' && seen.state !== 'lent-out';
  if (loan?.id !== before?.id || lentOutSince) throw new MovedOn(`item ${seen.id} has changed hands`);
  return {
    item,
    loan: loan ?? undefined,
    lostBy: item.state === 'lost' ? lostBy : undefined,
    supply,
    request,
  };
}

/** Another library's thing goes back to it, once it is at the branch that sends it. */
async function sendBack(
  tx: Tx,
  request: IllRequest,
  { atBranch, branch }: Item,
): Promise<Instruction | undefined> {
  const back = atBranch === branch ? await goesBackTo(tx, request) : undefined;
  return back && { do: 'send-back', ...back };
}

/** The loan's own workflow hears of its end from the update it carries; any other carrier has to wake it. */
function loanToWake(loan: Loan | undefined, scan: CheckIn): string[] {
  if (!loan || scan.operation.startsWith(`loan:${loan.id}/`)) return [];
  return [`loan:${loan.id}`];
}

async function endLoan(
  deps: ActivityDeps,
  tx: Tx,
  { item, policy, at, actor }: InHand,
  loan: Loan,
  branch: string,
): Promise<Standing> {
  loan.endedAt = at;
  loan.endReason = 'returned';
  loan.endBranch = branch;
  item.state = 'available';
  item.stateSince = at;
  await withdrawNotices(tx, loan.id, at, ['due-soon', 'overdue']);
  await chargeOverdue(tx, policy, loan, { backAt: at, at, actor });
  record(tx, loanSubject(loan), { kind: 'returned', actor, at, detail: { branch } });
  return loanStanding(deps, tx, loan, at.getTime());
}

export interface Placed {
  readonly instruction: Instruction;
  /** The hold it is now kept for, or on its way to. */
  readonly hold?: Hold | undefined;
  readonly wake: readonly string[];
}

/** Gives an item that has come in its place: with its next reader, on its way, or on the shelf. Title and item are locked. */
export async function placeBack(tx: Tx, inHand: InHand, branch: string): Promise<Placed> {
  const { item, at, actor } = inHand;
  if (item.state === 'lost' || item.state === 'missing') {
    record(tx, itemSubject(item), { kind: 'item-found', actor, at, detail: { before: item.state } });
  }
  item.atBranch = branch;
  if (item.holdId) return claimed(tx, inHand, item.holdId);
  Object.assign(item, { state: 'available', stateSince: at, transitTo: null });
  const served = await serveNext(tx, inHand);
  const { hold, wake } = served;
  return { instruction: instructionFor(item, hold) ?? home(item), hold, wake };
}

/** The item belongs to a hold already: it stays where it is kept, or arrives, or goes on to where the hold's pickup place is served from. */
async function claimed(tx: Tx, inHand: InHand, holdId: string): Promise<Placed> {
  const { item, policy, at } = inHand;
  const hold = present(await tx.findOne(Hold, { id: holdId }), `hold ${holdId}`);
  const there = item.atBranch === servingBranch(policy, hold.pickupPlace);
  if (hold.state === 'secured' && there) return { instruction: { do: 'keep', holdId }, wake: [] };
  if (hold.state === 'secured') await takeBack(tx, hold, at);
  await assign(tx, inHand, hold);
  return { instruction: instructionFor(item, hold) ?? { do: 'shelve' }, hold, wake: [`hold:${hold.id}`] };
}

function instructionFor(item: Item, hold: Hold | undefined): Instruction | undefined {
  if (!hold) return undefined;
  return item.transitTo
    ? { do: 'send', to: item.transitTo, holdId: hold.id }
    : { do: 'keep', holdId: hold.id };
}

/** Nobody waits: onto the shelf, or home to the branch it belongs to. */
function home(item: Item): Instruction {
  if (item.atBranch === item.branch) return { do: 'shelve' };
  item.state = 'in-transit';
  item.transitTo = item.branch;
  return { do: 'send', to: item.branch };
}
