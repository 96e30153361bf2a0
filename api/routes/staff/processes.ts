import { z } from 'zod';
import type { StaffRole } from '../../../domain/roles.ts';
import type { ApiDeps } from '../../deps.ts';
import { page, pageHeaders, pageOf, pageQuery } from '../../pages.ts';
import { problem } from '../../problem.ts';
import type { OpenProcess } from '../../processes-port.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { isoOrNull } from '../../bodies/hold.ts';
import { openProcess, story } from '../../schemas/story.ts';
import { id, instant, iso } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { createStories } from './stories.ts';

const code = z.string().regex(/^[a-z][A-Za-z-]{0,59}$/);

const query = pageQuery.extend({
  process: code
    .optional()
    .describe(
      '`hold`, `loan`, `registration`, `membership`, `payment`, `ill`, `supply`, `peer`, `command` …',
    ),
  state: code.optional().describe('`waiting`, `secured`, `overdue` …; of a command its name.'),
  patron: id.optional().describe('A reader’s id.'),
  deadlineBefore: instant.optional(),
});

type Story = z.input<typeof story>;

const knowsReaders = (roles: readonly StaffRole[]) =>
  roles.some((role) => role === 'desk' || role === 'administrator');

/** An operator sees what a process does, and of its reader the id only (A13); what staff wrote may name people too. */
function withoutPersons(told: Story): Story {
  return {
    ...told,
    reader: told.reader && { id: told.reader.id, card: null, name: null },
    timeline: told.timeline.map((entry) => ({ ...entry, remark: null })),
  };
}

/** Processes as operators find them, and the story of each (G1). */
export function processRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const tell = createStories(deps);

  const bodyOf = ({ workflowId, process, state, patronId, deadline, startedAt }: OpenProcess) => ({
    workflowId,
    process,
    state,
    patronId,
    deadline: isoOrNull(deadline),
    startedAt: iso(startedAt),
    story: `/v1/staff/processes/${encodeURIComponent(workflowId)}`,
    url: deps.processes.pageOf(workflowId) ?? null,
  });

  return [
    route({
      method: 'get',
      path: '/v1/staff/processes',
      summary: 'Open processes, by what the engine shows of them',
      description: 'What has just happened may show a second later.',
      access: ['operator'],
      query,
      problems: ['engine-unavailable'],
      responses: {
        200: { description: 'A page of processes.', body: pageOf(openProcess), headers: pageHeaders },
      },
    }).handle(async ({ caller: { library }, query: asked }) => {
      const { patron: patronId, deadlineBefore, ...search } = asked;
      const before = deadlineBefore === undefined ? undefined : Date.parse(deadlineBefore);
      const found = await deps.processes.search({ ...search, library, patronId, deadlineBefore: before });
      return page({ path: '/v1/staff/processes', query: asked }, found.processes.map(bodyOf), found.next);
    }),
    route({
      method: 'get',
      path: '/v1/staff/processes/:workflowId',
      summary: 'The story of a process: what happened, in order, and where it stands in the engine',
      description:
        'Told from the library’s own records, so that it is there when the engine does not answer or no longer keeps the history; `engine` says so. Operators see neither the reader’s card and name nor what staff wrote.',
      access: ['operator'],
      params: z.strictObject({ workflowId: z.string().max(200) }),
      problems: ['engine-unavailable'],
      responses: { 200: { description: 'The story.', body: story } },
    }).handle(async ({ caller: { library, roles }, params: { workflowId }, language, now }) => {
      const told = await tell(library, workflowId, wordsFor(library, language), now);
      if (!told) throw problem('not-found');
      return { status: 200, body: knowsReaders(roles) ? told : withoutPersons(told) };
    }),
  ];
}
