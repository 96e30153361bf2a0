import { LockMode } from '@mikro-orm/core';
import { Hold, Patron } from '../../db/entities/index.ts';
import { lockItem, lockPatron, lockTitle, present } from '../../db/locks.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { patronFacts } from '../../db/queries/patron-facts.ts';
import { inTransaction, once, reader, type Step, type Tx } from '../../db/transaction.ts';
import { isOpenHold, mayCancel, mayChange } from '../../domain/hold-states.ts';
import { contactReasons, keptUntil, placeReasons } from '../../domain/holds.ts';
import type { ContactMethod } from '../../domain/kinds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Reason, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { endHold } from './end-hold.ts';
import { instant, toDate } from '../facts.ts';
import { actingReasons } from '../families/family-acting.ts';
import { chargeHold, chargeSecured, chargesHold } from './hold-fees.ts';
import { holdStanding } from './hold-standing.ts';
import { lockRequestOfHold, movePlace } from '../ill/desk.ts';
import { placeHold, type PlaceHold } from './place-hold.ts';
import { takeBack } from './queue.ts';
import { holdSubject, record } from '../record.ts';
import { askForCall, assign, beginWindow, servingBranch } from './secure.ts';
import { resolveTask } from '../tasks.ts';

export type { PlaceHold } from './place-hold.ts';

export interface LookAtHold {
  readonly holdId: string;
  readonly now: number;
}

export interface ChangeHold extends Step {
  readonly holdId: string;
  readonly actor: Actor;
  readonly pickupPlace?: string;
  readonly contact?: ContactMethod;
}

export interface CancelHold extends Step {
  readonly holdId: string;
  readonly actor: Actor;
  /** Why, as a code with a text in every language: `by-reader`, `by-staff`. */
  readonly reason: string;
  readonly remarkId?: string;
}

export interface RecordContact extends Step {
  readonly holdId: string;
  readonly actor: Actor;
  readonly outcome: 'reached' | 'not-reached';
  /** When the call was made, if not just now; epoch milliseconds. */
  readonly calledAt?: number;
  readonly remarkId?: string;
}

type Answer = Refused | { readonly standing: Standing };

/** What the steps that change a hold see: everything about it, locked in the fixed order. */
interface LockedHold {
  readonly tx: Tx;
  readonly hold: Hold;
  readonly at: Date;
}

/** The activities of a hold's workflow. Each is one transaction; what others must hear of it, they are told after the commit. */
export function createHoldActivities(deps: ActivityDeps) {
  return {
    placeHold: (wish: PlaceHold) => placeHold(deps, wish),
    lookAtHold: (look: LookAtHold) => lookAtHold(deps, look),
    changeHold: (wish: ChangeHold) => decide(deps, wish, (locked) => changeLocked(deps, locked, wish)),
    cancelHold: (wish: CancelHold) => decide(deps, wish, (locked) => cancelLocked(deps, locked, wish)),
    recordContact: (call: RecordContact) => decide(deps, call, (locked) => recordLocked(deps, locked, call)),
  };
}

/** Reads where the hold stands; when its time has come, lets it lapse and serves the next reader in the same transaction (H6). */
async function lookAtHold(deps: ActivityDeps, { holdId, now }: LookAtHold): Promise<Standing> {
  const tx = reader(deps.orm);
  const hold = present(await tx.findOne(Hold, { id: holdId }), `hold ${holdId}`);
  const at = new Date(now);
  if (isDue(hold, now)) return lapse(deps, hold, at);
  await chargeSecured(deps, tx, hold, { at, actor: 'system' });
  const standing = await holdStanding(deps, tx, hold, now);
  if (hold.state === 'lapsed' && isFirstLook(deps, hold, standing))
    await deps.engine.wake(await heirOf(tx, hold));
  return standing;
}

function isDue(hold: Hold, now: number): boolean {
  return hold.state === 'secured' && hold.keepUntil != null && hold.keepUntil.getTime() <= now;
}

async function lapse(deps: ActivityDeps, seen: Hold, at: Date): Promise<Standing> {
  const policy = deps.policies.get(seen.library);
  const moments = (['secured', 'lapsed'] as const).filter((when) => chargesHold(policy, when));
  const { standing, wake } = await inTransaction(deps.orm, async (tx) => {
    if (moments.length > 0) await lockPatron(tx, seen.patronId);
    const hold = await lockHold(tx, seen.id);
    if (isDue(hold, at.getTime())) await stayOpen(tx, policy, hold);
    const end = { state: 'lapsed', reason: 'not-collected', actor: 'system', at } as const;
    const due = isDue(hold, at.getTime());
    const woken = due ? await endHold(deps, tx, hold, end) : [];
    if (due) for (const when of moments) await chargeHold(tx, policy, hold, when, end);
    return { standing: await holdStanding(deps, tx, hold, at.getTime()), wake: woken };
  });
  await deps.engine.wake(wake);
  return standing;
}

/** The place has been closed on the last day since, by a new version of the policy or while the contact was being recorded: nobody can come then (H10). */
async function stayOpen(tx: Tx, policy: LibraryPolicy, hold: Hold): Promise<void> {
  const keepUntil = present(hold.keepUntil, `the end of hold ${hold.id}`);
  const closures = await closuresFrom(tx, hold.library, keepUntil);
  hold.keepUntil = toDate(keptUntil({ policy, closures, place: hold.pickupPlace }, instant(keepUntil)));
}

/** Whether the lapse may have been committed by a try that died before it told the next reader's workflow. */
function isFirstLook(deps: ActivityDeps, hold: Hold, standing: Standing): boolean {
  return standing.deliver.length > 0 || deps.policies.get(hold.library).notices.lapsed === 'off';
}

async function heirOf(tx: Tx, hold: Hold): Promise<string[]> {
  if (!hold.itemId) return [];
  const heir = await tx.findOne(Hold, { itemId: hold.itemId, state: { $in: ['secured', 'in-transit'] } });
  return heir ? [`hold:${heir.id}`] : [];
}

/** Title and item are locked by way of the hold's row, which names them; then the row, since a closure moves deadlines in bulk. */
async function lockHold(tx: Tx, holdId: string): Promise<Hold> {
  const seen = present(await tx.findOne(Hold, { id: holdId }), `hold ${holdId}`);
  await lockRequestOfHold(tx, seen);
  await lockTitle(tx, seen.titleId);
  const titled = await tx.refreshOrFail(seen);
  if (titled.itemId) await lockItem(tx, titled.itemId);
  return tx.refreshOrFail(titled, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

interface Decision {
  readonly refused?: readonly Reason[];
  readonly wake: readonly string[];
}

async function decide(
  deps: ActivityDeps,
  step: Step & { holdId: string; actor: Actor },
  act: (locked: LockedHold) => Promise<Decision>,
): Promise<Answer> {
  const outcome = await once(deps.orm, step, async (tx) => {
    const seen = present(await tx.findOne(Hold, { id: step.holdId }), `hold ${step.holdId}`);
    await lockPatron(tx, seen.patronId);
    const hold = await lockHold(tx, step.holdId);
    const notAllowed = await actingReasons(tx, deps.policies.get(hold.library), {
      ...step,
      patronId: hold.patronId,
    });
    if (notAllowed.length > 0) return { ...refuse(...notAllowed), wake: [] };
    const decision = await act({ tx, hold, at: new Date(step.now) });
    if (decision.refused) return { ...refuse(...decision.refused), wake: [] };
    return { standing: await holdStanding(deps, tx, hold, step.now), wake: decision.wake };
  });
  const { wake, ...answer } = outcome;
  await deps.engine.wake(wake);
  return answer;
}

const askedBy = (actor: Actor) => (actor.startsWith('patron:') ? 'patron' : 'staff');

/** Changes the pickup place or the contact method (H7). An item already on the hold shelf follows to the new place. */
async function changeLocked(
  deps: ActivityDeps,
  { tx, hold, at }: LockedHold,
  wish: ChangeHold,
): Promise<Decision> {
  const policy = deps.policies.get(hold.library);
  const patron = await tx.findOneOrFail(Patron, { id: hold.patronId });
  const place = wish.pickupPlace ?? hold.pickupPlace;
  const contact = wish.contact ?? hold.contact;
  const reasons = [
    ...mayChange(hold, askedBy(wish.actor), { place: place !== hold.pickupPlace }),
    ...(place === hold.pickupPlace ? [] : placeReasons(policy, place)),
    ...(contact === hold.contact ? [] : contactReasons(policy, patronFacts(patron, false), contact)),
  ];
  if (reasons.length > 0) return { refused: reasons, wake: [] };

  const before = { pickupPlace: hold.pickupPlace, contact: hold.contact };
  hold.pickupPlace = place;
  await movePlace(tx, hold);
  hold.contact = contact;
  record(tx, holdSubject(hold), {
    kind: 'hold-changed',
    actor: wish.actor,
    at,
    detail: { before, after: { pickupPlace: place, contact } },
  });
  if (hold.state === 'secured') await follow(deps, { tx, hold, at }, wish.actor, before);
  return { wake: [] };
}

/** A secured hold that staff changed: another branch means the item travels; another way of contact means a new contact, unless there was one. */
async function follow(
  deps: ActivityDeps,
  { tx, hold, at }: LockedHold,
  actor: Actor,
  before: { pickupPlace: string },
): Promise<void> {
  const policy = deps.policies.get(hold.library);
  const item = present(hold.itemId ? await lockItem(tx, hold.itemId) : null, `item of hold ${hold.id}`);
  const moves = servingBranch(policy, before.pickupPlace) !== servingBranch(policy, hold.pickupPlace);
  if (hold.contactedAt && !moves) {
    await beginWindow(tx, policy, hold, hold.contactedAt);
    return;
  }
  await takeBack(tx, hold, at);
  await tx.flush();
  await assign(tx, { item, policy, at, actor }, hold);
}

async function cancelLocked(
  deps: ActivityDeps,
  { tx, hold, at }: LockedHold,
  wish: CancelHold,
): Promise<Decision> {
  const reasons = mayCancel(hold, askedBy(wish.actor));
  if (reasons.length > 0) return { refused: reasons, wake: [] };
  const { actor, reason, remarkId } = wish;
  return {
    wake: await endHold(deps, tx, hold, {
      state: 'cancelled',
      reason,
      actor,
      at,
      ...(remarkId && { remarkId }),
    }),
  };
}

/** What staff record after phoning the reader: reached – the week begins; not reached – the task stays for the next open day (H6). */
async function recordLocked(
  deps: ActivityDeps,
  { tx, hold, at }: LockedHold,
  call: RecordContact,
): Promise<Decision> {
  const policy = deps.policies.get(hold.library);
  if (!isOpenHold(hold.state)) return { refused: [{ code: 'hold-ended', state: hold.state }], wake: [] };
  if (hold.state !== 'secured')
    return { refused: [{ code: 'hold-not-secured', state: hold.state }], wake: [] };
  if (hold.contactedAt)
    return { refused: [{ code: 'already-contacted', at: hold.contactedAt.toISOString() }], wake: [] };

  const { actor, outcome } = call;
  record(tx, holdSubject(hold), {
    kind: `call-${outcome}`,
    actor,
    at,
    detail: call.remarkId ? { remarkId: call.remarkId } : {},
  });
  const resolution = { at, by: actor, outcome, remarkId: call.remarkId };
  await resolveTask(tx, 'phone-reader', hold.id, resolution);
  if (outcome === 'reached') await beginWindow(tx, policy, hold, callTime(call, hold, at));
  else {
    await tx.flush();
    await askForCall(tx, policy, hold, at);
  }
  return { wake: [] };
}

/** The time of the call that staff state counts if it lies between the securing and now; a call cannot precede what it is about. */
function callTime({ calledAt }: RecordContact, hold: Hold, at: Date): Date {
  const earliest = hold.securedAt?.getTime() ?? at.getTime();
  return new Date(Math.min(Math.max(calledAt ?? at.getTime(), earliest), at.getTime()));
}
