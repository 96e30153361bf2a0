import { z } from 'zod';
import type { Counted } from '../../../activities/tills/drawers.ts';
import { drawerSession } from '../../../db/queries/drawers.ts';
import { answer } from '../../answer.ts';
import { moneyOf } from '../../bodies/desk.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepIfAny, keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { money, remark } from '../../schemas/desk.ts';
import { id, line } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';

const params = z.strictObject({ id });
const countMinor = z.int().min(0).max(1_000_000_000).describe('What was counted, in minor units.');

const counted = z.strictObject({
  sessionId: id,
  counted: money,
  booked: money.describe('What the books said.'),
  difference: money.describe('Counted less booked; it is booked as such.'),
});

function countedBody(words: Words, { sessionId, countMinor: count, bookedMinor: booked }: Counted) {
  return {
    sessionId,
    counted: moneyOf(words, count),
    booked: moneyOf(words, booked),
    difference: moneyOf(words, count - booked),
  };
}

/** What the cashier does with a cash drawer: open it with a count, fill and empty it, close it with a count (P3, A13). */
export function drawerMoveRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const find = async ({ library }: StaffCaller, sessionId: string) => {
    if (!(await drawerSession(deps.orm, library, sessionId))) throw problem('drawer-unknown');
  };
  const base = { method: 'post', access: ['cashier'], idempotent: true } as const;

  return [
    route({
      ...base,
      path: '/v1/staff/drawers',
      summary: 'Open a branch’s cash drawer with a count',
      description:
        'What is paid at the branch’s desk from then on belongs to the session, until it is closed.',
      body: z.strictObject({ branch: line(60), countMinor }),
      problems: ['drawer-open', 'branch-unknown', 'means-not-offered', 'engine-unavailable'],
      responses: { 201: { description: 'Open.', body: counted }, 202: acceptedResponse },
    }).handle(({ caller: { library, actor }, body, key, language }) => {
      const given = { ...body, sessionId: key.id, library, actor };
      const opened = deps.commands.run('openDrawer', given, key.id, { library });
      const location = `/v1/staff/drawers/${key.id}`;
      return answer(opened, location, (result) => ({
        status: 201 as const,
        headers: { Location: location },
        body: countedBody(wordsFor(library, language), result),
      }));
    }),
    route({
      ...base,
      path: '/v1/staff/drawers/:id/movements',
      summary: 'Put cash into a drawer, or take it out',
      params,
      body: z.strictObject({
        direction: z.enum(['in', 'out']),
        place: z.enum(['safe', 'bank']).describe('From or to where.'),
        amountMinor: z.int().min(1).max(1_000_000_000),
        reason: remark.describe('Why; kept with the booking.'),
      }),
      problems: ['drawer-unknown', 'drawer-closed', 'drawer-too-little', 'engine-unavailable'],
      responses: {
        201: { description: 'Booked.', body: z.strictObject({ movementId: id }) },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: sessionId }, body, key, now }) => {
      await find(caller, sessionId);
      const { library, actor } = caller;
      const { reason, ...movement } = body;
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: reason, now });
      const given = { ...movement, movementId: key.id, sessionId, library, remarkId, actor };
      const moved = deps.commands.run('moveCash', given, key.id, { library });
      return answer(moved, `/v1/staff/drawers/${sessionId}`, (result) => ({
        status: 201 as const,
        body: result,
      }));
    }),
    route({
      ...base,
      path: '/v1/staff/drawers/:id/closing',
      summary: 'Close a drawer with a count',
      description:
        'What differs from the books is booked as a difference. Nothing is booked into the session any more.',
      params,
      body: z.strictObject({
        countMinor,
        note: remark.optional().describe('What is to be said of a difference.'),
      }),
      problems: ['drawer-unknown', 'drawer-closed', 'engine-unavailable'],
      responses: { 200: { description: 'Closed.', body: counted }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: sessionId }, body, key, language, now }) => {
      await find(caller, sessionId);
      const { library, actor } = caller;
      const note = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const given = { countMinor: body.countMinor, sessionId, library, actor, ...note };
      const closed = deps.commands.run('closeDrawer', given, key.id, { library });
      return answer(closed, `/v1/staff/drawers/${sessionId}`, (result) => ({
        status: 200 as const,
        body: countedBody(wordsFor(library, language), result),
      }));
    }),
  ];
}
