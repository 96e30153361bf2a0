import { continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { type ProcessResult, wake } from './hold.ts';
import { Bell, carry } from './process.ts';
import { line } from './proxies.ts';

export const peerWorkflowId = (peerId: string): string => `peer:${peerId}`;

export interface PeerInput {
  readonly peerId: string;
  readonly library: string;
}

/**
 * The line to another agency (I18): sends what is queued for it, one message after the other in the order in which they were written, and waits longer and longer while nothing gets
 * through. It ends when nothing is queued any more. A line that is always busy begins anew before its history grows long; its row has all that it needs.
 */
export async function peer(input: PeerInput): Promise<ProcessResult> {
  const { peerId } = input;
  const bell = new Bell();
  setHandler(wake, (standing) => bell.ring(standing));
  const send = (now: number) => {
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof peer>(input);
    return line.sendQueued({ peerId, now });
  };
  const end = await carry(bell, await send(Date.now()), send, { rousable: true });
  return { state: end.state };
}
