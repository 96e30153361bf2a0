import { allHandlersFinished, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type {
  ApplicationAnswer,
  ConfirmApplication,
  DecideApplication,
  ResubmitApplication,
  SubmitApplication,
  WithdrawApplication,
} from '../activities/registration/registration-steps.ts';
import { type ProcessResult, wake } from './hold.ts';
import { made, type Made } from './made.ts';
import { Bell, carry } from './process.ts';
import { database } from './proxies.ts';
import { requireTexts } from './validate.ts';

export const registrationWorkflowId = (applicationId: string): string => `registration:${applicationId}`;

/** What a registration begins with; ids and codes only. */
export type RegistrationInput = Omit<SubmitApplication, 'now'>;
type Wish<T> = Omit<T, 'applicationId' | keyof Made>;

/** The answer to the form; sent with the start, after the API has written version 1 of the form. */
export const submitted = defineUpdate<ApplicationAnswer>('submitted');
/** The link in the first mail was used (A11). */
export const confirmApplication = defineUpdate<ApplicationAnswer, [Wish<ConfirmApplication>]>(
  'confirmApplication',
);
/** A reviewer's decision: approve, reject with a reason, reject for good, ask, merge (A5). */
export const decideApplication = defineUpdate<ApplicationAnswer, [Wish<DecideApplication>]>(
  'decideApplication',
);
/** The applicant's answer to a question, or the corrected form; the API has written it as the next version. */
export const resubmitApplication = defineUpdate<ApplicationAnswer, [Wish<ResubmitApplication>]>(
  'resubmitApplication',
);
export const withdrawApplication = defineUpdate<ApplicationAnswer, [Wish<WithdrawApplication>]>(
  'withdrawApplication',
);

/**
 * An application for an account, or of an account for a further service, from the form to the approval (A1–A5). It waits for the confirmation of the address, for
 * staff within their working days, for the applicant; and at last until what was submitted may be deleted.
 */
export async function registration(input: RegistrationInput): Promise<ProcessResult> {
  const { applicationId } = input;
  const bell = new Bell();
  let answer: ApplicationAnswer | undefined;
  const tell = (outcome: ApplicationAnswer): ApplicationAnswer => {
    if ('standing' in outcome) bell.ring(outcome.standing);
    return outcome;
  };

  setHandler(wake, (standing) => bell.ring(standing));
  setHandler(submitted, async () => {
    await condition(() => answer !== undefined);
    return answer as ApplicationAnswer;
  });
  setHandler(confirmApplication, async (wish) =>
    tell(await database.confirmApplication({ ...wish, applicationId, ...made() })),
  );
  setHandler(
    decideApplication,
    async (wish) => tell(await database.decideApplication({ ...wish, applicationId, ...made() })),
    { validator: (wish) => requireTexts(wish, 'actor', 'decision') },
  );
  setHandler(resubmitApplication, async (wish) =>
    tell(await database.resubmitApplication({ ...wish, applicationId, ...made() })),
  );
  setHandler(
    withdrawApplication,
    async (wish) => tell(await database.withdrawApplication({ ...wish, applicationId, ...made() })),
    { validator: (wish) => requireTexts(wish, 'actor') },
  );

  const first = await database.submitApplication({ ...input, now: Date.now() });
  answer = first;
  if (!('standing' in first)) {
    await condition(allHandlersFinished);
    return { state: 'refused', ...first };
  }
  const look = (now: number) => database.lookAtApplication({ applicationId, now });
  const end = await carry(bell, first.standing, look);
  return { state: end.state };
}
