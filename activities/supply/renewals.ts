import { Hold } from '../../db/entities/index.ts';
import { isOut, lendingOf, renewedUntil } from '../../domain/supply.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { instant, toDate } from '../facts.ts';
import { closuresOf, dropTasks, type SupplyInHand, tell, wishTask } from './desk.ts';
import { noteOf, say } from './say.ts';
import type { AnswerRenewal } from './steps.ts';

/** A wish to keep it longer (I13): answered by the rule, or by staff. What is recalled, or overdue by the rule, is not renewed. */
export async function heedRenewal(hand: SupplyInHand): Promise<void> {
  const { supply, policy } = hand;
  const { renewals } = lendingOf(policy);
  tell(hand, 'supply-renewal-asked');
  if (isOut(supply.status) && renewals.by === 'staff') {
    supply.waitsFor = 'renew';
    return wishTask(hand);
  }
  const left = supply.status === 'Loaned' && supply.renewals < renewals.most;
  if (left && !(await isWaitedFor(hand))) return renew(hand);
  await refuseRenewal(hand);
}

async function isWaitedFor({ tx, supply }: SupplyInHand): Promise<boolean> {
  if (!supply.itemId || !supply.titleId) return false;
  return (await tx.count(Hold, { titleId: supply.titleId, state: 'waiting' })) > 0;
}

async function renew(hand: SupplyInHand, dueAt?: number, note?: string): Promise<void> {
  const { supply, policy, at } = hand;
  const before = supply.dueAt ?? at;
  const days = { policy, closures: await closuresOf(hand), from: instant(at) };
  supply.dueAt = dueAt === undefined ? toDate(renewedUntil(days, instant(before))) : new Date(dueAt);
  supply.status = 'Loaned';
  supply.renewals += 1;
  supply.overdueAt = null;
  tell(hand, 'supply-renewed', { before, after: supply.dueAt });
  await say(hand, { reason: 'RenewResponse', answer: 'Y', note });
}

async function refuseRenewal(hand: SupplyInHand, note?: string): Promise<void> {
  tell(hand, 'supply-renewal-refused');
  await say(hand, { reason: 'RenewResponse', answer: 'N', note });
}

/** What staff say to a wish to renew. */
export async function answerRenewal(hand: SupplyInHand, step: AnswerRenewal): Promise<Refused | undefined> {
  const { supply } = hand;
  if (supply.waitsFor !== 'renew') return refuse({ code: 'supply-not-asked' });
  if (step.dueAt !== undefined && supply.dueAt && step.dueAt < supply.dueAt.getTime())
    return refuse({ code: 'supply-due-earlier', dueAt: supply.dueAt.toISOString() });
  supply.waitsFor = null;
  await dropTasks(hand);
  const note = await noteOf(hand, step.remarkId);
  if (step.answer === 'Y') await renew(hand, step.dueAt, note);
  else await refuseRenewal(hand, note);
  return undefined;
}
