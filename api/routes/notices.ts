import { z } from 'zod';
import type { Notice } from '../../db/entities/index.ts';
import { returnedOf } from '../../db/queries/email.ts';
import { inboxOf, noticeOf } from '../../db/queries/inbox.ts';
import { reader } from '../../db/transaction.ts';
import type { BounceOutcome } from '../../domain/email.ts';
import { noticesWithSecret } from '../../domain/kinds.ts';
import type { ApiDeps } from '../deps.ts';
import { cut, page, pageHeaders, pageOf, pageQuery, readCursor } from '../pages.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { returnedMail } from '../schemas/email.ts';
import { id, instant, language } from '../schemas/values.ts';

const entry = z
  .strictObject({
    id,
    kind: z.string().describe('What it is about: `secured`, `overdue` and so on.'),
    subjectType: z.string(),
    subjectId: id,
    channel: z.enum(['mail', 'message']).describe('`message`: shown in the account only.'),
    state: z.enum(['queued', 'sent', 'shown', 'failed']),
    language,
    subject: z.string().nullable().describe('Null until it has been written.'),
    createdAt: instant,
    settledAt: instant.nullable().describe('When it was sent, shown or given up.'),
    returned: returnedMail,
  })
  .meta({ id: 'NoticeEntry' });

const notice = z
  .strictObject({
    ...entry.shape,
    recipient: z.string().nullable().describe('The e-mail address it went to.'),
    text: z.string().nullable(),
    html: z.string().nullable().describe('The same as a web page; escaped, without scripts.'),
  })
  .meta({ id: 'Notice' });

function entryOf(row: Notice, returned: ReadonlyMap<string, BounceOutcome>) {
  if (row.state === 'withdrawn') throw new Error('A withdrawn notice is not shown.');
  return {
    id: row.id,
    kind: row.kind,
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    channel: row.channel,
    state: row.state,
    language: row.language,
    subject: row.subject ?? null,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
    returned: returned.get(row.id) ?? null,
  };
}

/** A link is for whoever reads the mail, not for whoever has got hold of a session. */
function contentOf(row: Notice) {
  if (noticesWithSecret.some((kind) => kind === row.kind)) return { text: null, html: null };
  return { text: row.bodyText ?? null, html: row.bodyHtml ?? null };
}

/** What the library has told the reader (N1). */
export function noticeRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/me/notices',
      summary: 'The library’s messages to the reader, newest first',
      access: 'patron',
      query: pageQuery,
      responses: { 200: { description: 'A page of messages.', body: pageOf(entry), headers: pageHeaders } },
    }).handle(async ({ caller, query }) => {
      const before = readCursor(query.cursor);
      const found = await inboxOf(reader(deps.orm), { patronId: caller.id, limit: query.limit, before });
      const positioned = found.map((row) => ({ row, at: row.createdAt, id: row.id }));
      const { rows, next } = cut(positioned, query.limit);
      const returned = await returnedOf(
        deps.orm,
        rows.map(({ row }) => row.id),
      );
      return page(
        { path: '/v1/me/notices', query },
        rows.map(({ row }) => entryOf(row, returned)),
        next,
      );
    }),
    route({
      method: 'get',
      path: '/v1/me/notices/:id',
      summary: 'One message in full',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['notice-unknown'],
      responses: { 200: { description: 'The message.', body: notice } },
    }).handle(async ({ caller, params }) => {
      const row = await noticeOf(reader(deps.orm), caller.id, params.id);
      if (row === null) throw problem('notice-unknown');
      const returned = await returnedOf(deps.orm, [row.id]);
      const body = { ...entryOf(row, returned), recipient: row.recipient ?? null, ...contentOf(row) };
      return { status: 200, body };
    }),
  ];
}
