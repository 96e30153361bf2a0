import { z } from 'zod';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { SweepRun } from '../../processes-port.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { sweepRun } from '../../schemas/story.ts';
import { iso } from '../../schemas/values.ts';

type Finding = NonNullable<SweepRun['report']>['orphans'];

const findingOf = ({ count, ids }: Finding) => ({ count, ids: [...ids] });

function reportOf(report: SweepRun['report']) {
  if (report === null) return null;
  const { looked, restarted, woken, orphans } = report;
  return {
    looked,
    restarted: findingOf(restarted),
    woken: findingOf(woken),
    orphans: findingOf(orphans),
  };
}

/** The sweep that compares rows with processes (G1); it looks at all libraries of the installation and names ids only. */
export function sweepRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/staff/sweeps/latest',
      summary: 'What the latest sweep found and did',
      access: ['operator'],
      problems: ['not-found', 'engine-unavailable'],
      responses: { 200: { description: 'The latest sweep.', body: sweepRun } },
    }).handle(async () => {
      const run = await deps.processes.latestSweep();
      if (!run) throw problem('not-found');
      const { workflowId, status, startedAt, report } = run;
      return {
        status: 200,
        body: { workflowId, status, startedAt: iso(startedAt), report: reportOf(report) },
      };
    }),
    route({
      method: 'post',
      path: '/v1/staff/sweeps',
      summary: 'Sweep now',
      description: 'A sweep that is under way goes on instead of a second one.',
      access: ['operator'],
      problems: ['not-found', 'engine-unavailable'],
      responses: {
        202: {
          description: 'Asked for; the latest sweep tells the result.',
          body: z.strictObject({ state: z.literal('accepted'), location: z.string() }),
          headers: { Location: 'Where the result will be seen.' },
        },
      },
    }).handle(async () => {
      if (!(await deps.processes.sweepNow())) throw problem('not-found');
      const location = '/v1/staff/sweeps/latest';
      return { status: 202, headers: { Location: location }, body: { state: 'accepted', location } };
    }),
  ];
}
