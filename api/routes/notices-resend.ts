import { z } from 'zod';
import { noticeOf } from '../../db/queries/inbox.ts';
import { reader } from '../../db/transaction.ts';
import { answer } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { id } from '../schemas/values.ts';

/** Having a message sent once more (N3). */
export function noticeResendRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/me/notices/:id/resend',
      summary: 'Have a mail sent again, to the address the reader has now',
      access: 'patron',
      idempotent: true,
      params: z.strictObject({ id }),
      problems: ['notice-unknown', 'notice-not-resendable', 'engine-unavailable'],
      responses: {
        201: {
          description: 'It goes out; the new message tells what becomes of it.',
          body: z.strictObject({ noticeId: id }),
          headers: { Location: 'The new message.' },
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, key }) => {
      const own = await noticeOf(reader(deps.orm), caller.id, params.id);
      if (!own) throw problem('notice-unknown');
      const { library, id: patronId, actor } = caller;
      const given = { noticeId: own.id, actor };
      return answer(
        deps.commands.run('resendNotice', given, key.id, { library, patronId }),
        '/v1/me/notices',
        ({ noticeId }) => ({
          status: 201 as const,
          headers: { Location: `/v1/me/notices/${noticeId}` },
          body: { noticeId },
        }),
      );
    }),
  ];
}
