import { Credential, Patron } from '../../../db/entities/index.ts';
import { inTransaction, reader } from '../../../db/transaction.ts';
import type { PatronData } from '../../../domain/patron-data.ts';
import { isCardNumber } from '../../../domain/policy.ts';
import { answer } from '../../answer.ts';
import { setPassword } from '../../auth/credentials.ts';
import { hashPassword, oneTimeLasts, randomPassword } from '../../auth/passwords.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { keepChange } from '../../patron-changes.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { newPatron, openedPatron } from '../../schemas/patron-data.ts';
import { iso } from '../../schemas/values.ts';
import { requireKnown } from './patron-data.ts';

/** Opening a card at the desk. */
export function patronOpeningRoutes(deps: ApiDeps): Route[] {
  /** The first password, once: whoever has one already keeps it, should the request be repeated. */
  const firstPassword = async (patronId: string, { library, actor }: StaffCaller, now: number) => {
    const patron = await reader(deps.orm).findOneOrFail(Patron, { id: patronId });
    if (await reader(deps.orm).findOne(Credential, { patronId })) return null;
    const password = randomPassword(deps.policies.get(library).passwords);
    const hash = await hashPassword(password);
    const oneTimeUntil = now + oneTimeLasts;
    const event = 'one-time-password-given';
    await inTransaction(deps.orm, (tx) => setPassword(tx, { patron, hash, actor, event, now, oneTimeUntil }));
    return { password, validUntil: iso(oneTimeUntil) };
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/patrons',
      summary: 'Open a card for a reader at the desk',
      description:
        'The number must be free and of the form of the library’s cards. The answer holds a first password, which leads only to setting an own one within 24 hours. ' +
        'An e-mail address is added afterwards, and confirmed by its holder.',
      access: ['desk'],
      idempotent: true,
      body: newPatron,
      problems: ['card-number-wrong', 'card-taken', 'login-taken', 'engine-unavailable'],
      responses: {
        201: { description: 'Opened.', body: openedPatron, headers: { Location: 'The card.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, body, key, now }) => {
      const { library, actor } = caller;
      const { card, language, ...given } = body;
      const policy = deps.policies.get(library);
      if (!isCardNumber(policy, card)) throw problem('card-number-wrong', { example: policy.card.example });
      requireKnown(policy, given);
      const data: PatronData = {
        ...given,
        language: language ?? policy.language,
        details: {},
        overdraftLimit: null,
        deposit: 0,
        permissions: [],
        noticePreferences: {},
      };
      const patronId = key.id;
      await keepChange(deps.orm, { id: key.id, library, patronId, actor, wanted: { card, data }, now });
      const location = `/v1/staff/patrons/${patronId}`;
      const opened = deps.commands.run('openPatron', { changeId: key.id }, key.id, { library, patronId });
      return answer(opened, location, async () => ({
        status: 201 as const,
        headers: { Location: location },
        body: { id: patronId, card, oneTimePassword: await firstPassword(patronId, caller, now) },
      }));
    }),
  ];
}
