import { allHandlersFinished, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { CheckIn, CheckedIn } from '../activities/circulation/check-in.ts';
import type { CheckOut } from '../activities/circulation/check-out.ts';
import type { Renewed, RenewLoan } from '../activities/circulation/loans.ts';
import type { Refused } from '../domain/refusal.ts';
import type { Standing } from '../domain/standing.ts';
import { type ProcessResult, wake } from './hold.ts';
import { made, type Made } from './made.ts';
import { Bell, carry } from './process.ts';
import { database } from './proxies.ts';
import { requireTexts } from './validate.ts';

export const loanWorkflowId = (loanId: string): string => `loan:${loanId}`;

/** What a loan begins with; ids and codes only. */
export type LoanInput = Omit<CheckOut, 'now'>;
export type LoanAnswer = Refused | { readonly standing: Standing };

/** The answer to the desk's check-out; sent with the start. */
export const checkedOut = defineUpdate<LoanAnswer>('checkedOut');
/** The reader asks for a renewal: the new due date, or every reason why not (L2). */
export const renew = defineUpdate<Refused | Renewed, [Pick<RenewLoan, 'actor' | 'channel'>]>('renew');
/** The item has come back over a desk. */
export const checkIn = defineUpdate<Refused | CheckedIn, [Omit<CheckIn, keyof Made>]>('checkIn');

/**
 * A loan from check-out to return (L1). It reminds, and it decides nothing: due dates and renewals are the row's, and a date moved in the database is
 * found on the next waking.
 */
export async function loan(input: LoanInput): Promise<ProcessResult> {
  const { loanId } = input;
  const bell = new Bell();
  let answer: LoanAnswer | undefined;

  setHandler(wake, (standing) => bell.ring(standing));
  setHandler(checkedOut, async () => {
    await condition(() => answer !== undefined);
    return answer as LoanAnswer;
  });
  setHandler(
    renew,
    async (wish) => {
      const outcome = await database.renewLoan({ ...wish, loanId, ...made() });
      if ('refused' in outcome) return outcome;
      const { loan: standing, ...renewed } = outcome;
      if (standing) bell.ring(standing);
      return renewed;
    },
    { validator: (wish) => requireTexts(wish, 'actor', 'channel') },
  );
  setHandler(
    checkIn,
    async (scan) => {
      const outcome = await database.checkIn({ ...scan, ...made() });
      if ('loan' in outcome && outcome.loan && outcome.loanId === loanId) bell.ring(outcome.loan);
      return outcome;
    },
    { validator: (scan) => requireTexts(scan, 'scanId', 'itemId', 'branch', 'actor') },
  );

  const first = await database.checkOut({ ...input, now: Date.now() });
  answer = first;
  if (!('standing' in first)) {
    await condition(allHandlersFinished);
    return { state: 'refused', ...first };
  }
  const end = await carry(bell, first.standing, (now) => database.lookAtLoan({ loanId, now }));
  return { state: end.state };
}
