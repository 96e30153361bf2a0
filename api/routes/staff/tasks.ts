import { z } from 'zod';
import { type TaskRow, type TaskScope, taskById, tasksOf } from '../../../db/queries/tasks.ts';
import { taskKinds } from '../../../domain/tasks.ts';
import { answer } from '../../answer.ts';
import { taskBody } from '../../bodies/lists.ts';
import { actorOf } from '../../bodies/story.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem, ProblemError } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Key, Route } from '../../route.ts';
import { route } from '../../route.ts';
import { taskScope } from '../../review-scope.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { remark } from '../../schemas/desk.ts';
import { branchFilter, task as taskSchema } from '../../schemas/lists.ts';
import { id, instant, iso } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { pageFrom } from './paging.ts';

const query = pageQuery.extend({
  kind: z.enum(taskKinds).optional(),
  state: z
    .enum(['open', 'overdue', 'done'])
    .default('open')
    .describe('`open` has the overdue ones too, in the order they fall due; `done` the latest first.'),
  branch: branchFilter,
});

const resolution = z.strictObject({
  outcome: z
    .enum(['reached', 'not-reached', 'settled'])
    .describe('Of a call: `reached` or `not-reached`; of a chore that no process waits for: `settled`.'),
  calledAt: instant
    .optional()
    .describe(
      'When the call was made, if not just now: the week counts from here, but never from before the copy was kept (H6).',
    ),
  note: remark.optional(),
});

/** What a task of each kind can come to by this route. */
const outcomesOf: Readonly<Record<string, readonly string[]>> = {
  'phone-reader': ['reached', 'not-reached'],
  'email-failing': ['settled'],
  'statement-gap': ['settled'],
  'ill-settlement': ['settled'],
  'request-late': ['settled'],
  'request-message': ['settled'],
  'supply-overdue': ['settled'],
  'supply-unsent': ['settled'],
};

/** Subjects on which staff decide at a route of their own; the task ends with the decision. */
const byDecision: readonly string[] = ['application', 'charge', 'payment', 'difference', 'bank-entry'];

/** Of requests only what is answered there; what is overdue or could not be told is a chore. */
const answeredThere: readonly string[] = [
  'review-request',
  'request-asks',
  'request-too-late',
  'ill-lost-charge',
  'ill-return-differs',
  'supply-late',
  'supply-wish',
];

const wrongOutcome = () =>
  problem('invalid-input', {}, { errors: [{ in: 'body', pointer: '/outcome', code: 'invalid-input' }] });

/** What the hold's process answers when the call has been recorded already, or is no longer needed. */
const overtaken = ['already-contacted', 'hold-ended', 'hold-not-secured'];

/** The work list of the staff (G2). */
export function taskRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const scopeOf = (caller: StaffCaller): TaskScope => taskScope(deps.policies.get(caller.library), caller);

  const find = async (caller: StaffCaller, taskId: string): Promise<TaskRow> => {
    const found = await taskById(deps.orm, caller.library, scopeOf(caller), taskId);
    if (!found) throw problem('task-unknown');
    return found;
  };

  /** Who has done it meanwhile, and when. */
  const alreadyDone = (row: TaskRow, words: Words) => {
    if (row.resolvedAt === null || row.resolvedBy === null) return undefined;
    const { name } = actorOf(words, row.resolvedBy, row.resolverName);
    return problem('task-resolved', { by: name, at: iso(row.resolvedAt), outcome: row.outcome ?? '' });
  };

  /** For a chore that no process waits for, a command of its own. */
  const settle = (
    caller: StaffCaller,
    { row, note, key }: { row: TaskRow; note: { remarkId?: string }; key: Key },
    words: Words,
    now: number,
  ) => {
    const about = { library: caller.library, ...(row.patronId && { patronId: row.patronId }) };
    const given = { taskId: row.id, actor: caller.actor, ...note };
    const settled = deps.commands.run('settleTask', given, key.id, about);
    return answer(settled, `/v1/staff/tasks/${row.id}`, async () => ({
      status: 200 as const,
      body: taskBody(await find(caller, row.id), words, now),
    }));
  };

  return [
    route({
      method: 'get',
      path: '/v1/staff/tasks',
      summary: 'The work list',
      description:
        'Each role sees what it has to do with: the desk its chores, the librarian interlibrary loan, the cashier what is to be decided about money, reviewers the applications they decide on (A13).',
      access: ['desk', 'ill-librarian', 'cashier'],
      query,
      responses: { 200: { description: 'A page of tasks.', body: pageOf(taskSchema), headers: pageHeaders } },
    }).handle(async ({ caller, query: asked, language, now }) => {
      const { cursor, ...search } = asked;
      const { library } = caller;
      const found = await tasksOf(deps.orm, {
        ...search,
        library,
        scope: scopeOf(caller),
        now: new Date(now),
        after: readCursor(cursor),
      });
      const words = wordsFor(library, language);
      return pageFrom(
        { path: '/v1/staff/tasks', query: asked },
        found,
        (row) => ({ at: row.resolvedAt ?? row.dueAt, id: row.id }),
        (row) => taskBody(row, words, now),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/tasks/:id',
      summary: 'A task',
      access: ['desk', 'ill-librarian', 'cashier'],
      params: z.strictObject({ id }),
      problems: ['task-unknown'],
      responses: { 200: { description: 'The task.', body: taskSchema } },
    }).handle(async ({ caller, params, language, now }) => {
      const row = await find(caller, params.id);
      return { status: 200, body: taskBody(row, wordsFor(caller.library, language), now) };
    }),
    route({
      method: 'post',
      path: '/v1/staff/tasks/:id/resolution',
      summary: 'Record what came of a task',
      description:
        'A reader who was reached has a week from the call (H6). One who was not is called again: a new task stands on the list. A task that a colleague has done ' +
        'meanwhile is refused with who and when.',
      access: ['desk', 'ill-librarian', 'cashier'],
      idempotent: true,
      params: z.strictObject({ id }),
      body: resolution,
      problems: [
        'task-unknown',
        'task-resolved',
        'task-by-decision',
        'already-contacted',
        'hold-ended',
        'hold-not-secured',
        'engine-unavailable',
      ],
      responses: {
        200: { description: 'The task as it stands now.', body: taskSchema },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, body, key, language, now }) => {
      const words = wordsFor(caller.library, language);
      const row = await find(caller, params.id);
      const done = key.repeated ? undefined : alreadyDone(row, words);
      if (done) throw done;
      if (byDecision.includes(row.subjectType) || answeredThere.includes(row.kind))
        throw problem('task-by-decision');
      if (!(outcomesOf[row.kind] ?? []).includes(body.outcome)) throw wrongOutcome();
      const note = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      if (body.outcome === 'settled') return settle(caller, { row, note, key }, words, now);
      const calledAt = body.calledAt === undefined ? {} : { calledAt: Date.parse(body.calledAt) };
      const call = { actor: caller.actor, outcome: body.outcome, ...calledAt, ...note };
      try {
        const recorded = deps.commands.recordContact(row.subjectId, call, key.id);
        return await answer(recorded, `/v1/staff/tasks/${row.id}`, async () => ({
          status: 200 as const,
          body: taskBody(await find(caller, row.id), words, now),
        }));
      } catch (error) {
        if (!(error instanceof ProblemError) || !overtaken.includes(error.code)) throw error;
        throw alreadyDone(await find(caller, row.id), words) ?? error;
      }
    }),
  ];
}
