import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Destination } from '../../../activities/reconciliation/assign-return.ts';
import { patronsByCard } from '../../../db/queries/patrons.ts';
import { differenceById } from '../../../db/queries/reconciliations.ts';
import { civilDay } from '../../../domain/calendar.ts';
import { answer } from '../../answer.ts';
import { differenceBody } from '../../bodies/reconciliation.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { remark } from '../../schemas/desk.ts';
import { difference } from '../../schemas/reconciliations.ts';
import { id, line } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const folder = '/v1/staff/differences';
const params = z.strictObject({ id });
const problems = ['difference-unknown', 'difference-solved', 'engine-unavailable'] as const;
const responses = {
  200: { description: 'The difference as it stands now.', body: difference },
  202: acceptedResponse,
};

const assignmentProblems = [
  'difference-not-assignable',
  'patron-unknown',
  'patron-closed',
  'payment-unknown',
  'payment-reversed',
  'payment-not-settled',
  'payment-invoiced',
  'payment-followed',
  'payment-of-dropped-charge',
  'membership-of-sub-card',
  'credit-used',
] as const;

type Assignment = { to: 'payment'; paymentId: string } | { to: 'charge'; card: string } | { to: 'loss' };

async function destinationOf({ orm }: ApiDeps, library: string, body: Assignment): Promise<Destination> {
  if (body.to === 'loss') return { to: 'loss' };
  if (body.to === 'payment') return { to: 'payment', paymentId: body.paymentId };
  const [patron] = await patronsByCard(orm, library, body.card);
  if (!patron) throw problem('patron-unknown');
  return { to: 'charge', patronId: patron.patronId };
}

/** What is decided about differences of the daily reconciliation (P8, P9). */
export function differenceRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const find = async (library: string, differenceId: string) => {
    const row = await differenceById(deps.orm, library, differenceId);
    if (!row) throw problem('difference-unknown');
    return row;
  };
  const shown = async (
    caller: StaffCaller,
    differenceId: string,
    language: Parameters<typeof wordsFor>[1],
  ) => ({
    status: 200 as const,
    body: differenceBody(await find(caller.library, differenceId), wordsFor(caller.library, language)),
  });
  const base = { access: ['cashier', 'administrator'], params } as const;
  return [
    route({
      ...base,
      method: 'get',
      path: `${folder}/:id`,
      summary: 'A difference',
      problems: ['difference-unknown'],
      responses: { 200: responses[200] },
    }).handle(({ caller, params: given, language }) => shown(caller, given.id, language)),
    route({
      ...base,
      method: 'post',
      path: `${folder}/:id/acknowledgement`,
      summary: 'Take note of a difference that may stay',
      description: 'It no longer keeps its month open, until its amount changes.',
      idempotent: true,
      body: z.strictObject({ reason: remark.describe('Why it may stay.') }),
      problems,
      responses,
    }).handle(async ({ caller, params: given, body, key, now, language }) => {
      const { library, actor } = caller;
      await find(library, given.id);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const step = { differenceId: given.id, library, actor, remarkId };
      const done = deps.commands.run('acknowledgeDifference', step, key.id, { library });
      return answer(done, `${folder}/${given.id}`, () => shown(caller, given.id, language));
    }),
    route({
      ...base,
      method: 'post',
      path: `${folder}/:id/credit`,
      summary: 'Credit money that a gateway took to the reader who paid it',
      description:
        'Of money of which nothing was known here (P8): it becomes a payment of its own, and the reader’s balance.',
      idempotent: true,
      body: z.strictObject({ card: line(60).describe('The reader’s card number.') }),
      problems: [...problems, 'difference-not-creditable', 'patron-unknown'],
      responses,
    }).handle(async ({ caller, params: given, body, key, language }) => {
      const { library, actor } = caller;
      await find(library, given.id);
      const [patron] = await patronsByCard(deps.orm, library, body.card);
      if (!patron) throw problem('patron-unknown');
      const { patronId } = patron;
      const step = { differenceId: given.id, library, actor, patronId, paymentId: key.id };
      const done = deps.commands.run('creditGatewayMoney', step, key.id, { library, patronId });
      return answer(done, `${folder}/${given.id}`, () => shown(caller, given.id, language));
    }),
    route({
      ...base,
      method: 'post',
      path: `${folder}/:id/assignment`,
      summary: 'Say where money belongs that a gateway gave back',
      description:
        'Of money of which nothing was known here (P9). To a payment: its booking is reversed, if all of what was taken was given back. To a reader: they are charged for it, and see the reason. To nobody: it is booked as a loss.',
      idempotent: true,
      body: z.discriminatedUnion('to', [
        z.strictObject({ to: z.literal('payment'), paymentId: id, reason: remark }),
        z.strictObject({
          to: z.literal('charge'),
          card: line(60).describe('The reader’s card number.'),
          reason: remark,
        }),
        z.strictObject({ to: z.literal('loss'), reason: remark }),
      ]),
      problems: [...problems, ...assignmentProblems],
      responses,
    }).handle(async ({ caller, params: given, body, key, now, language }) => {
      const { library, actor } = caller;
      await find(library, given.id);
      const destination = await destinationOf(deps, library, body);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const step = { returnId: key.id, differenceId: given.id, library, actor, remarkId, destination };
      const done = deps.commands.run('assignGatewayReturn', step, key.id, { library });
      return answer(done, `${folder}/${given.id}`, () => shown(caller, given.id, language));
    }),
    route({
      ...base,
      method: 'post',
      path: `${folder}/:id/return`,
      summary: 'Have the gateway send money back that belongs nowhere',
      description:
        'Of money of which nothing was known here (P8). The gateway is asked at once, and again until it answers.',
      idempotent: true,
      problems: [...problems, 'difference-not-creditable'],
      responses,
    }).handle(async ({ caller, params: given, key, language, now }) => {
      const { library, actor } = caller;
      await find(library, given.id);
      const step = { differenceId: given.id, library, actor };
      const done = deps.commands.run('returnGatewayMoney', step, key.id, { library });
      return answer(done, `${folder}/${given.id}`, async () => {
        const today = civilDay(deps.policies.get(library), Temporal.Instant.fromEpochMilliseconds(now));
        await deps.processes.reconcile({ library, day: today.subtract({ days: 1 }).toString(), actor });
        return shown(caller, given.id, language);
      });
    }),
  ];
}
