import type { Reason } from '../domain/refusal.ts';
import { attributes } from '../workflows/attributes.ts';
import * as registrations from '../workflows/registration.ts';
import { type Start, standingAt } from './asking.ts';
import type { CommandOutcome } from './commands-port.ts';

/** How a command reaches the engine: with a start, or as an update of what has been started. */
interface Ways {
  readonly begin: (start: Start) => Promise<CommandOutcome<never>>;
  readonly tell: (
    workflowId: string,
    update: string,
    wish: object,
    key: string,
    ended: Reason,
  ) => Promise<CommandOutcome<never>>;
}

/** The commands of applications for accounts (A2–A6). */
export function registrationCommands({ begin, tell }: Ways) {
  const about = (update: { readonly name: string }) => (id: string, wish: object, key: string) =>
    tell(registrations.registrationWorkflowId(id), update.name, wish, key, { code: 'application-ended' });

  return {
    submitApplication: (input: registrations.RegistrationInput) =>
      begin({
        workflow: registrations.registration,
        workflowId: registrations.registrationWorkflowId(input.applicationId),
        input,
        ask: registrations.submitted,
        answerIn: standingAt,
        shown: [
          { key: attributes.process, value: 'registration' },
          { key: attributes.library, value: input.library },
        ],
      }),
    confirmApplication: about(registrations.confirmApplication),
    decideApplication: about(registrations.decideApplication),
    resubmitApplication: about(registrations.resubmitApplication),
    withdrawApplication: about(registrations.withdrawApplication),
  };
}
