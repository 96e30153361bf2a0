import { isSupplyEnded, overdueAt } from '../../domain/supply.ts';
import { instant } from '../facts.ts';
import { noticeUnsent, unsent } from '../peers/heed.ts';
import { openTask } from '../tasks.ts';
import { answerTask, type SupplyInHand, supplyProcess, supplySubject, tell } from './desk.ts';
import { sayOverdue } from './out.ts';

/** What nobody has to ask for: an answer that is late shows, what is overdue is said, what could not be told is staff's to tell otherwise. */
export async function doWhatIsDue(hand: SupplyInHand): Promise<void> {
  const { supply, at } = hand;
  await showUnsent(hand);
  if (isSupplyEnded(supply.status) || supply.forwards) return;
  if (supply.waitsFor === 'answer' && !supply.lateAt && supply.answerBy && supply.answerBy <= at)
    await showLate(hand);
  if (isOverdue(hand)) {
    await sayOverdue(hand, {});
    await task(hand, 'supply-overdue');
  }
}

async function showLate(hand: SupplyInHand): Promise<void> {
  hand.supply.lateAt = hand.at;
  tell(hand, 'supply-late');
  await answerTask(hand);
}

function isOverdue({ supply, policy, at }: SupplyInHand): boolean {
  const { status, dueAt, overdueAt: said, sentBackAt } = supply;
  if ((status !== 'Loaned' && status !== 'Recalled') || !dueAt || said || sentBackAt) return false;
  return overdueAt(policy, instant(dueAt)).epochMilliseconds <= at.getTime();
}

/** What the requester refused to take, or what days of trying did not bring to it. */
async function showUnsent(hand: SupplyInHand): Promise<void> {
  const lost = await unsent(hand.tx, hand.supply.id);
  for (const message of lost) {
    noticeUnsent(message, hand.at);
    tell(hand, 'supply-unsent', { says: message.row.says, state: message.row.state });
  }
  if (lost.length > 0) await task(hand, 'supply-unsent');
}

async function task(
  { tx, supply, at }: SupplyInHand,
  kind: 'supply-overdue' | 'supply-unsent',
): Promise<void> {
  const workflowId = supplyProcess(supply);
  await openTask(tx, supplySubject(supply), { kind, branch: null, workflowId, at, dueAt: at });
}
