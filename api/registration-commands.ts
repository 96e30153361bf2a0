import { attributes } from '../workflows/attributes.ts';
import * as registrations from '../workflows/registration.ts';
import { standingAt, type Ways } from './asking.ts';

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
