import { z } from 'zod';
import { bouncesOf, emailOf } from '../../../db/queries/email.ts';
import { patronFile } from '../../../db/queries/patrons.ts';
import { answer } from '../../answer.ts';
import { staffEmailBody } from '../../bodies/email.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { createEmailRequests } from '../../email-requests.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { emailAddress, emailAsked, staffEmailStanding } from '../../schemas/email.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { askedBody } from '../email.ts';

const params = z.strictObject({ id });

/** A reader's e-mail address as staff see it, and what they do for it at the desk (A11). */
export function patronEmailRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const requests = createEmailRequests(deps);

  const find = async ({ library }: StaffCaller, patronId: string) => {
    if (!(await patronFile(deps.orm, library, patronId))) throw problem('patron-unknown');
  };

  return [
    route({
      method: 'get',
      path: '/v1/staff/patrons/:id/email',
      summary: 'How a reader’s e-mail address stands, where the last mail went, and what came back',
      access: ['desk'],
      params,
      problems: ['patron-unknown'],
      responses: { 200: { description: 'The address.', body: staffEmailStanding } },
    }).handle(async ({ caller, params: { id: patronId }, language, now }) => {
      await find(caller, patronId);
      const [row, bounces] = await Promise.all([
        emailOf(deps.orm, patronId, now),
        bouncesOf(deps.orm, patronId),
      ]);
      if (!row) throw problem('patron-unknown');
      return { status: 200, body: staffEmailBody(row, bounces, wordsFor(caller.library, language)) };
    }),
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/email-confirmations',
      summary: 'Enter an address that a reader gives at the desk',
      description:
        'The reader confirms it by the link in the mail; until then the address registered before stays.',
      access: ['desk'],
      idempotent: true,
      params,
      body: z.strictObject({ email: emailAddress }),
      problems: ['patron-unknown', 'patron-closed', 'email-same', 'too-many-attempts', 'engine-unavailable'],
      responses: {
        201: {
          description: 'The mail is on its way.',
          body: emailAsked,
          headers: { Location: 'The address’s standing.' },
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: patronId }, body, key, now }) => {
      await find(caller, patronId);
      const { library, actor } = caller;
      const location = `/v1/staff/patrons/${patronId}/email`;
      const asked = requests.confirmation({ library, patronId, actor, key, now }, body.email);
      return answer(asked, location, async ({ confirmationId }) => ({
        status: 201 as const,
        headers: { Location: location },
        body: await askedBody(deps, confirmationId),
      }));
    }),
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/test-mails',
      summary: 'Send a test mail to a reader’s address',
      access: ['desk'],
      idempotent: true,
      params,
      problems: ['patron-unknown', 'email-none', 'too-many-attempts', 'engine-unavailable'],
      responses: {
        201: {
          description: 'It goes out; the notice tells what becomes of it.',
          body: z.strictObject({ noticeId: id }),
          headers: { Location: 'The notice.' },
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: patronId }, key, now }) => {
      await find(caller, patronId);
      const { library, actor } = caller;
      const sent = requests.testMail({ library, patronId, actor, key, now });
      return answer(sent, `/v1/staff/patrons/${patronId}/notices`, ({ noticeId }) => ({
        status: 201 as const,
        headers: { Location: `/v1/staff/notices/${noticeId}` },
        body: { noticeId },
      }));
    }),
  ];
}
