import { Loan } from '../../db/entities/index.ts';
import { byHand } from '../../domain/ill.ts';
import { peerOf } from '../../domain/policy-peers.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { priceReasons } from '../circulation/lost-items.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { closeAttempt, tellSupplier } from './attempt.ts';
import type { AskAfter, LoseThing } from './delivery-steps.ts';
import { neverCame } from './given-up.ts';
import { type Held, latestAttempt } from './held.ts';
import { chargeReader } from './loss-charge.ts';
import { bookLostCost } from './lost-cost.ts';
import { remarkText } from './note.ts';
import { tell } from './notices.ts';
import { requestSubject } from './standing.ts';
import { letGo, lockThing } from './thing.ts';

/**
 * A thing that will not come back: the reader pays what its supplier asks, or what the schedule says, and the library owes the supplier what it asks; the supplier is told – in the 2017 edition, which has no word for it, by a note –, and
 * the request ends. What was lost on its way here no reader pays for, and they are told.
 */
export async function lose(held: Held, wish: LoseThing): Promise<Refused | undefined> {
  const { tx, policy, request, at, actor } = held;
  const onItsWay = request.state === 'shipped' && !request.direct;
  const lost = ['shipped', 'received', 'lent', 'returning'].includes(request.state);
  if (request.service !== 'loan') return refuse({ code: 'request-other-service' });
  if (!lost) return refuse({ code: 'request-moved-on', state: request.state });
  const reasons = priceReasons(policy, wish.priceMinor);
  if (reasons.length > 0) return refuse(...reasons);
  if (onItsWay) await neverCame(held);
  else await charge(held, wish);
  Object.assign(request, { state: 'lost', endedAt: at, lookAt: null, renewalWantedAt: null });
  request.remarkId = wish.remarkId ?? null;
  for (const kind of ['ill-send-back', 'ill-renewal', 'ill-missing', 'ill-return-differs'] as const)
    await resolveTask(tx, kind, request.id, { at, by: actor, outcome: 'dropped' });
  const detail = wish.remarkId ? { remarkId: wish.remarkId } : {};
  record(tx, requestSubject(request), { kind: 'ill-lost', actor, at, detail });
  await tellLost(held, wish);
  if (onItsWay) await tell(held, { kind: 'ill-lost', cause: `lost:${at.getTime()}` });
  return undefined;
}

async function charge(held: Held, { priceMinor }: LoseThing): Promise<void> {
  const item = await lockThing(held);
  const loan = item && (await held.tx.findOne(Loan, { itemId: item.id, endedAt: null }));
  await chargeReader(held, item, loan ?? undefined, priceMinor);
  if (item) held.wake.push(...(await letGo(held, item, 'lost')));
}

async function tellLost(held: Held, { remarkId, priceMinor }: LoseThing): Promise<void> {
  const attempt = await latestAttempt(held);
  if (!attempt) return;
  if (priceMinor !== undefined)
    await bookLostCost(held, attempt, { amountMinor: priceMinor, currency: held.policy.currency });
  const note = await remarkText(held.tx, remarkId);
  const knows = attempt.peer !== byHand && peerOf(held.policy, attempt.peer).edition === '2021';
  if (knows) await tellSupplier(held, attempt, { action: 'Lost', note });
  else await tellSupplier(held, attempt, { action: 'Notification', note: note ?? 'The item is lost.' });
  if (attempt.outcome === 'open') closeAttempt(held, attempt, 'lost');
}

/** What was shipped long ago and has not come is asked after at its supplier, who may send it again (I14). */
export async function askAfter(held: Held, { remarkId, actor }: AskAfter): Promise<Refused | undefined> {
  const { tx, request, at } = held;
  if (request.state !== 'shipped') return refuse({ code: 'request-moved-on', state: request.state });
  const attempt = await latestAttempt(held);
  const note =
    (await remarkText(tx, remarkId)) ?? 'Not received. Please check, and send it again if need be.';
  if (attempt) await tellSupplier(held, attempt, { action: 'Notification', note });
  await resolveTask(tx, 'ill-missing', request.id, { at, by: actor, outcome: 'settled' });
  record(tx, requestSubject(request), {
    kind: 'ill-asked-after',
    actor,
    at,
    detail: remarkId ? { remarkId } : {},
  });
  return undefined;
}
