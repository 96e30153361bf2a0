import { setHandler } from '@temporalio/workflow';
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
 * through. It ends when nothing is queued any more.
 */
export async function peer({ peerId }: PeerInput): Promise<ProcessResult> {
  const bell = new Bell();
  setHandler(wake, (standing) => bell.ring(standing));
  const send = (now: number) => line.sendQueued({ peerId, now });
  const end = await carry(bell, await send(Date.now()), send);
  return { state: end.state };
}
