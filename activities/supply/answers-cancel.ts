import { end, type SupplyInHand, tell } from './desk.ts';
import { say } from './say.ts';

/** The requester gives it up, and may. */
export async function answerCancelYes(hand: SupplyInHand, note?: string): Promise<void> {
  await end(hand, 'Cancelled');
  tell(hand, 'supply-cancelled');
  await say(hand, { reason: 'CancelResponse', answer: 'Y', note });
}
