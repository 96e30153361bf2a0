import { z } from 'zod';
import { staffNotice } from '../../../db/queries/patrons.ts';
import { answer } from '../../answer.ts';
import { staffNoticeBody } from '../../bodies/patron.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { staffNoticeInFull } from '../../schemas/patrons.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });

/** Single notices: what they said, what became of them, and sending them again (N1, N3). */
export function staffNoticeRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const find = async ({ library }: StaffCaller, noticeId: string) => {
    const row = await staffNotice(deps.orm, library, noticeId);
    if (!row) throw problem('notice-unknown');
    return row;
  };

  return [
    route({
      method: 'get',
      path: '/v1/staff/notices/:id',
      summary: 'A notice in full',
      access: ['desk'],
      params,
      problems: ['notice-unknown'],
      responses: { 200: { description: 'The notice.', body: staffNoticeInFull } },
    }).handle(async ({ caller, params: { id: noticeId }, language }) => {
      const row = await find(caller, noticeId);
      const body = { ...staffNoticeBody(row, wordsFor(caller.library, language)), text: row.text };
      return { status: 200, body };
    }),
    route({
      method: 'post',
      path: '/v1/staff/notices/:id/resend',
      summary: 'Send a mail again, to the address the reader has now',
      access: ['desk'],
      idempotent: true,
      params,
      problems: ['notice-unknown', 'notice-not-resendable', 'engine-unavailable'],
      responses: {
        201: {
          description: 'It goes out; the new notice tells what becomes of it.',
          body: z.strictObject({ noticeId: id }),
          headers: { Location: 'The new notice.' },
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: noticeId }, key }) => {
      const { library, actor } = caller;
      const { patronId } = await find(caller, noticeId);
      const sent = deps.commands.run('resendNotice', { noticeId, actor }, key.id, {
        library,
        ...(patronId && { patronId }),
      });
      const seen = patronId ? `/v1/staff/patrons/${patronId}/notices` : `/v1/staff/notices/${noticeId}`;
      return answer(sent, seen, ({ noticeId: again }) => ({
        status: 201 as const,
        headers: { Location: `/v1/staff/notices/${again}` },
        body: { noticeId: again },
      }));
    }),
  ];
}
