import { z } from 'zod';
import { closingsOf } from '../../../db/queries/months.ts';
import { answer } from '../../answer.ts';
import { actorOf } from '../../bodies/story.ts';
import type { ApiDeps } from '../../deps.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { remark } from '../../schemas/desk.ts';
import { actor } from '../../schemas/story.ts';
import { instant, iso } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const month = z
  .string()
  .regex(/^[0-9]{4}-(0[1-9]|1[0-2])$/)
  .describe('A month in the library’s time zone: `2026-11`.');

const closing = z
  .strictObject({
    month,
    closedAt: instant,
    closedBy: actor,
    acknowledged: z
      .array(z.string())
      .describe('Differences that were open and had been acknowledged, by their keys.'),
    reopenedAt: instant.nullable(),
    reopenedBy: actor.nullable(),
    reason: z.string().nullable().describe('Why it was reopened.'),
  })
  .meta({ id: 'MonthClosing' });

const decided = z.strictObject({ month });

/** Closing the books of a month (P9). */
export function monthRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  return [
    route({
      method: 'get',
      path: '/v1/staff/months',
      summary: 'Months that are closed, or were',
      description: 'The latest first, with who closed and reopened them.',
      access: ['cashier', 'administrator'],
      responses: { 200: { description: 'The closings.', body: z.strictObject({ items: z.array(closing) }) } },
    }).handle(async ({ caller: { library }, language }) => {
      const words = wordsFor(library, language);
      const items = (await closingsOf(deps.orm, library)).map((row) => ({
        month: row.month,
        closedAt: iso(row.closedAt),
        closedBy: actorOf(words, row.closedBy, row.closerName),
        acknowledged: [...row.acknowledged],
        reopenedAt: row.reopenedAt === null ? null : iso(row.reopenedAt),
        reopenedBy: row.reopenedBy === null ? null : actorOf(words, row.reopenedBy, row.reopenerName),
        reason: row.reason,
      }));
      return { status: 200, body: { items } };
    }),
    route({
      method: 'post',
      path: '/v1/staff/months/closings',
      summary: 'Close a month',
      description:
        'Nothing is booked into it any more; what comes late is booked at the beginning of the open month. Every day must have been reconciled, and every difference solved or acknowledged.',
      access: ['cashier', 'administrator'],
      idempotent: true,
      body: decided,
      problems: [
        'month-not-over',
        'month-closed',
        'month-not-next',
        'days-not-reconciled',
        'differences-open',
        'drawers-open',
        'entries-waiting',
        'engine-unavailable',
      ],
      responses: { 200: { description: 'Closed.', body: decided }, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor: by }, body: given, key }) => {
      const closed = deps.commands.run(
        'closeMonth',
        { ...given, closingId: key.id, library, actor: by },
        key.id,
        { library },
      );
      return answer(closed, '/v1/staff/months', (result) => ({ status: 200 as const, body: result }));
    }),
    route({
      method: 'post',
      path: '/v1/staff/months/reopenings',
      summary: 'Open the latest closed month again',
      access: ['administrator'],
      idempotent: true,
      body: z.strictObject({ month, reason: remark.describe('Why; kept with the closing.') }),
      problems: ['month-open', 'month-followed', 'engine-unavailable'],
      responses: { 200: { description: 'Open.', body: decided }, 202: acceptedResponse },
    }).handle(async ({ caller, body, key, now }) => {
      const { library, actor: by } = caller;
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const reopened = deps.commands.run(
        'reopenMonth',
        { month: body.month, library, remarkId, actor: by },
        key.id,
        {
          library,
        },
      );
      return answer(reopened, '/v1/staff/months', (result) => ({ status: 200 as const, body: result }));
    }),
  ];
}
