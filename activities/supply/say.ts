import { Remark } from '../../db/entities/index.ts';
import type { ReasonForMessage } from '../../domain/ill-status.ts';
import { isOut } from '../../domain/supply.ts';
import { queueToRequester, type ToRequester } from '../peers/queue.ts';
import type { SupplyInHand } from './desk.ts';

/** What is said besides where the request stands. */
export interface Saying extends Partial<Pick<ToRequester, 'retryInfo' | 'deliveryInfo' | 'returnInfo'>> {
  readonly reason: ReasonForMessage;
  readonly answer?: 'Y' | 'N';
  readonly note?: string | undefined;
  readonly reasonUnfilled?: string;
  readonly reasonRetry?: string;
}

/** Tells the requester where its request stands now (I18); the message is committed with what it tells. */
export async function say(hand: SupplyInHand, saying: Saying): Promise<void> {
  const { tx, policy, supply, at, rouse } = hand;
  const { reason, answer, note, reasonUnfilled, reasonRetry, ...parts } = saying;
  const dueDate = isOut(supply.status) ? supply.dueAt?.toISOString() : undefined;
  const messageInfo = {
    reasonForMessage: reason,
    ...(answer && { answerYesNo: answer }),
    ...(note && { note }),
    ...(reasonUnfilled && { reasonUnfilled: { value: reasonUnfilled } }),
    ...(reasonRetry && { reasonRetry: { value: reasonRetry } }),
  };
  const statusInfo = { status: supply.status, ...(dueDate && { dueDate }) };
  rouse.push(await queueToRequester(tx, policy, supply, { messageInfo, statusInfo, ...parts }, at));
}

/** What staff have written for the requester. */
export async function noteOf(
  { tx }: SupplyInHand,
  remarkId: string | undefined,
): Promise<string | undefined> {
  if (remarkId === undefined) return undefined;
  return (await tx.findOne(Remark, { id: remarkId }))?.text;
}
