import { continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Standing } from '../domain/standing.ts';
import { type ProcessResult, wake } from './hold.ts';
import { Bell, carry } from './process.ts';
import { database } from './proxies.ts';

export const membershipWorkflowId = (patronId: string): string => `membership:${patronId}`;

/** Whose card it is; the rest stands in the rows. */
export interface MembershipInput {
  readonly patronId: string;
}

/**
 * The usage fee of a main or single card, year after year (F2, F12): it sleeps until the fee is to be raised, raises it, reminds, and begins anew when it has been
 * paid, so that a history is as long as a year. It ends when the card is closed or becomes a sub card, which has no fee of its own. A payment is booked
 * elsewhere, in one transaction with what it extends; the process is only woken and looks.
 */
export async function membership(input: MembershipInput): Promise<ProcessResult> {
  const { patronId } = input;
  const bell = new Bell();
  setHandler(wake, (standing) => bell.ring(standing));

  const look = (now: number) => database.lookAtMembership({ patronId, now });
  const first = await look(Date.now());
  let last = first;
  await carry(bell, first, async (now) => {
    last = await look(now);
    return isAnotherYear(first, last) ? { ...last, ended: true } : last;
  });
  if (!last.ended) return continueAsNew<typeof membership>(input);
  return { state: last.state };
}

/** Paid until another day than when this run began, and nothing left to deliver; or the engine finds the history long enough. */
function isAnotherYear(first: Standing, now: Standing): boolean {
  if (now.deliver.length > 0) return false;
  const paid = now.state === 'paid' && now.deadline !== first.deadline;
  return paid || workflowInfo().continueAsNewSuggested;
}
