import { Hold, type Item, Loan } from '../../db/entities/index.ts';
import type { Cost } from '../../domain/ill-costs.ts';
import { librarysCost } from '../../domain/ill-prices.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { close } from '../circulation/end-hold.ts';
import { holdSubject, record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { takeBackShipped } from './booking.ts';
import { isWithReader } from './due.ts';
import { type Held, latestAttempt } from './held.ts';
import { tell } from './notices.ts';
import { askWhoPays, chargeReader, paysForLoss } from './loss-charge.ts';
import { toBeSentBack } from './returning.ts';
import { requestSubject } from './standing.ts';
import { letGo, lockThing } from './thing.ts';

/**
 * A supplier has closed a loan without having its thing back (I13, I15). What the reader has is lost: its loan ends, and the reader is charged by the schedule – with the supplier's price, where
 * it names one that staff may state – or, where a person has to decide, a task asks. What is here, or never came, is nobody's loss: what is here goes back, and nobody pays. The reader is told.
 *
 * @param cost what the supplier asks for it; undefined: it has not said
 */
export async function heedGivenUp(held: Held, cost: Cost | undefined): Promise<void> {
  const { tx, request, at, actor } = held;
  const withReader = isWithReader(held);
  const item = await lockThing(held);
  for (const kind of ['ill-missing', 'ill-renewal'] as const)
    await resolveTask(tx, kind, request.id, { at, by: 'system', outcome: 'dropped' });
  if (isHere(held, item)) return keepHere(held, item);
  if (withReader) await chargeOrAsk(held, item, cost);
  else if (!request.receivedAt) await neverCame(held);
  if (item && item.state !== 'withdrawn' && item.state !== 'lost')
    held.wake.push(...(await letGo({ tx, at, actor }, item, 'lost')));
  await resolveTask(tx, 'ill-send-back', request.id, { at, by: 'system', outcome: 'dropped' });
  const ended = { state: 'lost', endedAt: at, lookAt: null, renewalWantedAt: null } as const;
  Object.assign(request, ended);
  record(tx, requestSubject(request), { kind: 'ill-lost', actor, at });
  if (withReader || !request.receivedAt)
    await tell(held, { kind: 'ill-lost', cause: `lost:${at.getTime()}` });
}

/** Lost on its way here: as far as the policy says so, nobody pays for the loan that came to nothing (I15). */
export async function neverCame(held: Held): Promise<void> {
  const { tx, policy, request, at, actor } = held;
  const attempt = await latestAttempt(held);
  await takeBackShipped(tx, policy, { request, attempt, why: 'not-received', at, actor });
}

/** At the library: kept for its reader, waiting to be handed out, or waiting to be sent back. */
function isHere({ request }: Held, item: Item | undefined): boolean {
  if (request.direct) return false;
  if (request.state === 'received') return true;
  return request.state === 'returning' && !request.sentBackAt && item?.state !== 'on-loan';
}

/** It lies here: nobody gets it any more, and it goes back to whoever counts it as lost. */
async function keepHere(held: Held, item: Item | undefined): Promise<void> {
  const { tx, request, at, actor } = held;
  const waited = request.state === 'received';
  const hold = item?.holdId ? await tx.findOne(Hold, { id: item.holdId }) : null;
  if (hold) {
    await close(tx, hold, 'cancelled', 'by-staff', at);
    record(tx, holdSubject(hold), { kind: 'hold-cancelled', actor, at, detail: { reason: 'by-staff' } });
    held.wake.push(`hold:${hold.id}`);
  }
  if (item && hold)
    Object.assign(item, { state: 'available', stateSince: at, holdId: null, transitTo: null });
  await toBeSentBack(held, item?.branch ?? null, 'given-up');
  if (waited) await tell(held, { kind: 'ill-lost', cause: `lost:${at.getTime()}` });
}

async function chargeOrAsk(held: Held, item: Item | undefined, cost: Cost | undefined): Promise<void> {
  const { tx, policy, ill, patron, request } = held;
  // What a centre passes on is its member's to pay.
  if (request.onBehalfOf || (patron && !paysForLoss(held))) return;
  const price = priceFor(policy, cost);
  if (!patron || ill.delivery.things.givenUp === 'ask' || price === 'ask') return askWhoPays(held);
  const loan = item && (await tx.findOne(Loan, { itemId: item.id, endedAt: null }));
  return chargeReader(held, item, loan ?? undefined, price);
}

/** The price that is charged without anybody's being asked; undefined: the schedule's own. */
function priceFor(policy: LibraryPolicy, cost: Cost | undefined): number | undefined | 'ask' {
  const limit = policy.money.fees.lost?.maxMinor;
  if (!cost || limit === undefined) return undefined;
  const costMinor = librarysCost(policy, { costMinor: cost.amountMinor, currency: cost.currency });
  return costMinor === undefined || costMinor > limit ? 'ask' : costMinor;
}
