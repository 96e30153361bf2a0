import { z } from 'zod';
import { Credential, EmailConfirmation } from '../../db/entities/index.ts';
import { emailOf } from '../../db/queries/email.ts';
import { reader } from '../../db/transaction.ts';
import { isEmailLinkSecret } from '../../domain/email-link.ts';
import { answer } from '../answer.ts';
import { createCurrentPassword } from '../auth/current-password.ts';
import { createThrottle, throttleKeys } from '../auth/throttle.ts';
import { emailBody } from '../bodies/email.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { createEmailRequests } from '../email-requests.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { emailAddress, emailAsked, emailStanding } from '../schemas/email.ts';
import { id, line, password } from '../schemas/values.ts';
import { createWords } from '../words.ts';

const location = '/v1/me/email';

/** The reader's own e-mail address (A11): how it stands, a new one, a test. */
export function emailRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const requests = createEmailRequests(deps);
  const throttle = createThrottle(deps.orm);
  const currentPassword = createCurrentPassword(deps);

  /** A new address opens the way to a new password, so a session that was left open must not be enough. */
  const verify = async (caller: PatronCaller, given: string, now: number) => {
    const hash = (await reader(deps.orm).findOne(Credential, { patronId: caller.id }))?.passwordHash;
    await currentPassword({ caller, hash, password: given, pointer: '/password', now });
  };

  return [
    route({
      method: 'get',
      path: '/v1/me/email',
      summary: 'How the reader’s e-mail address stands, and where the last mail went',
      access: 'patron',
      responses: { 200: { description: 'The address.', body: emailStanding } },
    }).handle(async ({ caller, language, now }) => {
      const row = await emailOf(deps.orm, caller.id, now);
      if (!row) throw problem('patron-unknown');
      return { status: 200, body: emailBody(row, wordsFor(caller.library, language)) };
    }),
    route({
      method: 'post',
      path: '/v1/me/email-confirmations',
      summary: 'Give a new e-mail address, or have one that fails confirmed again',
      description:
        'A mail with a link goes to it. Only when the link is opened the address is registered, and the one before dropped.',
      access: 'patron',
      idempotent: true,
      body: z.strictObject({ email: emailAddress, password }),
      problems: ['patron-closed', 'email-same', 'too-many-attempts', 'engine-unavailable'],
      responses: {
        201: { description: 'The mail is on its way.', body: emailAsked, headers: { Location: location } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, body, key, now }) => {
      if (!key.repeated) await verify(caller, body.password, now);
      const { library, id: patronId, actor } = caller;
      const asked = requests.confirmation({ library, patronId, actor, key, now }, body.email, (tx) =>
        throttle.clear(tx, throttleKeys.change(patronId)),
      );
      return answer(asked, location, async ({ confirmationId }) => ({
        status: 201 as const,
        headers: { Location: location },
        body: await askedBody(deps, confirmationId),
      }));
    }),
    route({
      method: 'post',
      path: '/v1/me/test-mails',
      summary: 'Have a test mail sent to the registered address',
      access: 'patron',
      idempotent: true,
      problems: ['email-none', 'too-many-attempts', 'engine-unavailable'],
      responses: {
        201: {
          description: 'It goes out; the message tells what becomes of it.',
          body: z.strictObject({ noticeId: id }),
          headers: { Location: 'The message.' },
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller: { library, id: patronId, actor }, key, now }) =>
      answer(requests.testMail({ library, patronId, actor, key, now }), '/v1/me/notices', ({ noticeId }) => ({
        status: 201 as const,
        headers: { Location: `/v1/me/notices/${noticeId}` },
        body: { noticeId },
      })),
    ),
    route({
      method: 'post',
      path: '/v1/email-confirmations/:id',
      summary: 'Confirm an e-mail address with the secret of its link',
      description:
        'Works once and until the link expires; whatever is wrong with it is answered alike. The same confirmation sent again changes nothing.',
      access: 'public',
      params: z.strictObject({ id }),
      body: z.strictObject({ secret: line(100) }),
      problems: ['email-link-expired', 'engine-unavailable'],
      responses: {
        200: { description: 'Registered.', body: z.strictObject({ confirmed: z.literal(true) }) },
        202: acceptedResponse,
      },
    }).handle(async ({ params, body }) => {
      if (!isEmailLinkSecret(deps.config.secret, params.id, body.secret)) throw problem('email-link-expired');
      const asked = await reader(deps.orm).findOne(EmailConfirmation, {
        id: params.id,
        subjectType: 'patron',
      });
      if (!asked) throw problem('email-link-expired');
      const { library, subjectId: patronId } = asked;
      const given = { confirmationId: asked.id };
      const confirmed = deps.commands.run('confirmEmail', given, asked.id, { library, patronId });
      return answer(confirmed, `/v1/email-confirmations/${asked.id}`, () => ({
        status: 200 as const,
        body: { confirmed: true as const },
      }));
    }),
  ];
}

/** What was kept of the request. */
export async function askedBody({ orm }: Pick<ApiDeps, 'orm'>, confirmationId: string) {
  const asked = await reader(orm).findOneOrFail(EmailConfirmation, { id: confirmationId });
  return { id: asked.id, address: asked.address, expiresAt: asked.expiresAt.toISOString() };
}
