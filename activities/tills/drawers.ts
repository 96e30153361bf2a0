import { CarriedCash, DrawerSession } from '../../db/entities/index.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { book, cash, difference, type Line, safe, transit } from '../ledger.ts';
import { contentOf, contentReasons, lockTill, type Till } from './tills.ts';

export interface OpenDrawer extends Step {
  readonly sessionId: string;
  readonly library: string;
  readonly branch: string;
  /** What was counted, in minor units. */
  readonly countMinor: number;
  readonly actor: Actor;
}

export interface MoveCash extends Step {
  readonly movementId: string;
  readonly sessionId: string;
  readonly library: string;
  /** Into the till, or out of it. */
  readonly direction: 'in' | 'out';
  /** From or to where. */
  readonly place: 'safe' | 'bank';
  /** Minor units, more than zero. */
  readonly amountMinor: number;
  /** Why; the cashier writes it. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface CloseDrawer extends Step {
  readonly sessionId: string;
  readonly library: string;
  readonly countMinor: number;
  /** What the cashier says of a difference. */
  readonly remarkId?: string;
  readonly actor: Actor;
}

/** A till as it was counted; minor units. */
export interface Counted {
  readonly sessionId: string;
  readonly bookedMinor: number;
  readonly countMinor: number;
}

/** Tills are opened with a count and closed with one; what differs is booked (P3, A13). */
export function createDrawerCommands(deps: ActivityDeps) {
  return {
    openDrawer: (step: OpenDrawer) => once(deps.orm, step, (tx) => openDrawer(deps, tx, step)),
    moveCash: (step: MoveCash) => once(deps.orm, step, (tx) => moveCash(tx, step)),
    closeDrawer: (step: CloseDrawer) => once(deps.orm, step, (tx) => closeDrawer(tx, step)),
  };
}

/** Opens a branch's till. Of two who open it at once the second is told that it is open. */
async function openDrawer(deps: ActivityDeps, tx: Tx, step: OpenDrawer): Promise<Refused | Counted> {
  const { library, branch, sessionId: id, actor } = step;
  const { branches, currency, money } = deps.policies.get(library);
  if (!branches.some(({ code }) => code === branch)) return refuse({ code: 'branch-unknown', branch });
  if (money.ways.cash === 'none') return refuse({ code: 'means-not-offered', means: 'cash' });
  const till = await lockTill(tx, library, branch);
  if (till.session) return refuse({ code: 'drawer-open', branch, at: till.session.openedAt.toISOString() });
  const openedAt = new Date(step.now);
  const count = BigInt(step.countMinor);
  const openingBooked = await contentOf(tx, till);
  const opening = { openedAt, openedBy: actor, openingBooked, openingCount: count };
  const session = tx.create(DrawerSession, { id, library, branch, currency, ...opening });
  await tx.flush();
  await bookDifference(tx, session, { kind: 'drawer-opening', booked: openingBooked, count, ...step });
  return { sessionId: id, bookedMinor: Number(openingBooked), countMinor: step.countMinor };
}

interface Difference {
  readonly kind: 'drawer-opening' | 'drawer-closing';
  readonly booked: bigint;
  readonly count: bigint;
  readonly now: number;
  readonly actor: Actor;
  readonly remarkId?: string;
}

/** What was counted too much or too little, as a booking of its own. */
async function bookDifference(tx: Tx, session: DrawerSession, given: Difference): Promise<void> {
  const { kind, booked, count, now, actor, remarkId } = given;
  const amount = count - booked;
  if (amount === 0n) return;
  const lines = [
    { account: cash(session.branch), amount },
    { account: difference(session.branch), amount: -amount },
  ];
  await bookInto(tx, session, {
    operation: `${kind}:${session.id}`,
    kind,
    lines,
    now,
    actor,
    ...(remarkId !== undefined && { remarkId }),
  });
}

interface DrawerBooking {
  readonly operation: string;
  readonly kind: string;
  readonly lines: readonly Line[];
  readonly now: number;
  readonly actor: Actor;
  readonly remarkId?: string;
}

async function bookInto(tx: Tx, session: DrawerSession, { now, ...booking }: DrawerBooking): Promise<string> {
  const { library, currency, id: drawerId } = session;
  const id = await book(tx, { library, currency, drawerId, at: new Date(now), ...booking });
  await tx.flush();
  return id;
}

/** A session that is open, with its till locked; or why there is none. */
async function lockSession(
  tx: Tx,
  { sessionId, library }: { readonly sessionId: string; readonly library: string },
): Promise<{ till: Till; session: DrawerSession } | Reason> {
  const seen = await tx.findOne(DrawerSession, { id: sessionId, library });
  if (!seen) return { code: 'drawer-unknown' };
  const till = await lockTill(tx, library, seen.branch);
  if (till.session?.id === sessionId) return { till, session: till.session };
  return { code: 'drawer-closed', branch: seen.branch };
}

/** Cash comes from the safe or the bank, or goes there; never more than is in the till. What goes between till and bank waits for its entry on a statement (P9). */
async function moveCash(tx: Tx, step: MoveCash): Promise<Refused | { movementId: string }> {
  const locked = await lockSession(tx, step);
  if ('code' in locked) return refuse(locked);
  const { till, session } = locked;
  const amount = BigInt(step.amountMinor);
  const out = step.direction === 'out';
  const reasons = out ? await contentReasons(tx, till, amount) : [];
  if (reasons.length > 0) return refuse(...reasons);
  const other = step.place === 'safe' ? safe(session.branch) : transit(session.branch);
  const moved = out ? -amount : amount;
  const id = await bookInto(tx, session, {
    operation: `drawer-movement:${step.movementId}`,
    kind: out ? 'drawer-paid-out' : 'drawer-paid-in',
    lines: [
      { account: cash(session.branch), amount: moved },
      { account: other, amount: -moved },
    ],
    now: step.now,
    actor: step.actor,
    remarkId: step.remarkId,
  });
  if (step.place === 'bank') {
    const { library, branch, currency } = session;
    const carriedAt = new Date(step.now);
    tx.create(CarriedCash, { id, library, branch, currency, amount: -moved, carriedAt });
  }
  return { movementId: step.movementId };
}

/** Closes a till with a count. Of two who close it at once the second is told that it is closed; nothing is booked into it any more. */
async function closeDrawer(tx: Tx, step: CloseDrawer): Promise<Refused | Counted> {
  const locked = await lockSession(tx, step);
  if ('code' in locked) return refuse(locked);
  const { till, session } = locked;
  const count = BigInt(step.countMinor);
  const booked = await contentOf(tx, till);
  await bookDifference(tx, session, { kind: 'drawer-closing', booked, count, ...step });
  tx.assign(session, {
    closedAt: new Date(step.now),
    closedBy: step.actor,
    closingBooked: booked,
    closingCount: count,
    remarkId: step.remarkId ?? null,
  });
  return { sessionId: session.id, bookedMinor: Number(booked), countMinor: step.countMinor };
}
