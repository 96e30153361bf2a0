import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { enteredClosures, isEntered } from '../../../db/queries/closures.ts';
import { reader } from '../../../db/transaction.ts';
import { civilDay } from '../../../domain/calendar.ts';
import { answer } from '../../answer.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { told } from '../../schemas/told.ts';
import { day, id, line } from '../../schemas/values.ts';

const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('A time on the library’s wall: `09:30`.');

const closure = z
  .strictObject({
    id,
    place: z.string().nullable().describe('Code of a branch or stop; null: every place of the library.'),
    day,
    opens: time.nullable().describe('Null: closed all day.'),
    closes: time.nullable(),
    reason: z.string().describe('As readers see it.'),
  })
  .meta({ id: 'Closure' });

const count = z.int().min(0);

const added = z
  .strictObject({
    closureId: id,
    moved: z
      .strictObject({ holds: count, loans: count })
      .describe(
        'How many pickup windows and due dates that ended on the day have moved to the next open day.',
      ),
  })
  .meta({ id: 'ClosureAdded' });

const wish = z
  .strictObject({
    place: line(60).nullable(),
    day,
    opens: time.optional(),
    closes: time.optional(),
    reason: line(200).describe('As readers see it.'),
  })
  .refine(
    ({ opens, closes }) => (opens === undefined) === (closes === undefined),
    told('hours-incomplete', 'closes'),
  )
  .refine(({ opens = '00', closes = '24' }) => opens < closes, told('hours-reversed', 'closes'));

/** The library's calendar, beyond what its policy says (H10). */
export function closureRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/staff/closures',
      summary: 'Days entered as closed, or with special hours',
      access: ['administrator'],
      query: z.strictObject({
        from: day.optional().describe('The first day to show; without it: today.'),
      }),
      responses: {
        200: { description: 'The entries, by day.', body: z.strictObject({ items: z.array(closure) }) },
      },
    }).handle(async ({ caller: { library }, query, now }) => {
      const today = civilDay(deps.policies.get(library), Temporal.Instant.fromEpochMilliseconds(now));
      const found = await enteredClosures(reader(deps.orm), library, query.from ?? today.toString());
      const items = found.map((each) => ({
        ...each,
        opens: each.opens ?? null,
        closes: each.closes ?? null,
      }));
      return { status: 200, body: { items } };
    }),
    route({
      method: 'post',
      path: '/v1/staff/closures',
      summary: 'Close a place on a day, or open it at other hours',
      description:
        'Pickup windows and due dates that end there on that day move to the next open day; none ever moves back.',
      access: ['administrator'],
      idempotent: true,
      body: wish,
      problems: ['place-unknown', 'closure-exists', 'engine-unavailable'],
      responses: {
        201: { description: 'Entered.', body: added, headers: { Location: 'The calendar.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, body, key, now }) => {
      const { library, actor } = caller;
      const { reason, place, day: onDay, opens, closes } = body;
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: reason, now });
      const hours = opens !== undefined && closes !== undefined ? { opens, closes } : {};
      const given = { closureId: key.id, library, place, day: onDay, ...hours, actor, remarkId };
      const location = `/v1/staff/closures?from=${onDay}`;
      return answer(
        deps.commands.run('addClosure', given, key.id, { library }),
        location,
        ({ closureId, holds, loans }) => ({
          status: 201 as const,
          headers: { Location: location },
          body: { closureId, moved: { holds, loans } },
        }),
      );
    }),
    route({
      method: 'delete',
      path: '/v1/staff/closures/:id',
      summary: 'Take an entry out of the calendar',
      description:
        'One that was entered by mistake, or to be entered anew with other hours. What it has moved stays where it is: readers may have been told.',
      access: ['administrator'],
      params: z.strictObject({ id }),
      problems: ['closure-unknown', 'engine-unavailable'],
      responses: { 204: { description: 'Taken out.' }, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, params: { id: closureId } }) => {
      if (!(await isEntered(reader(deps.orm), library, closureId))) throw problem('closure-unknown');
      const removed = deps.commands.run('removeClosure', { closureId, library, actor }, closureId, {
        library,
      });
      return answer(removed, '/v1/staff/closures', () => ({ status: 204 as const }));
    }),
  ];
}
