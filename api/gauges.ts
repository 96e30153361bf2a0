import type { MikroORM } from '@mikro-orm/postgresql';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

interface Row {
  readonly library: string;
  readonly of: 'holds' | 'overripe' | 'notices' | 'notice-age' | 'tasks' | 'tasks-overdue';
  readonly state: string;
  readonly value: number;
}

/** What an operator watches, read from the database when the figures are asked for. */
const query = `
select library, 'holds' as of, state, count(*)::float8 as value
from hold where state in ('waiting', 'in-transit', 'secured') group by library, state
union all
select library, 'overripe', '', count(*) from hold where state = 'secured' and keep_until < :now group by library
union all
select library, 'notices', '', count(*) from notice where state = 'queued' group by library
union all
select library, 'notice-age', '', extract(epoch from :now - min(created_at)) from notice where state = 'queued' group by library
union all
select library, 'tasks', '', count(*) from task where resolved_at is null group by library
union all
select library, 'tasks-overdue', '', count(*) from task where resolved_at is null and due_at < :now group by library`;

function createGauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, ...more: L[]) =>
    new Gauge({ name, help, labelNames: ['library', ...more], registers: [registry] });
  return {
    holds: gauge('carrel_holds_open', 'Open holds by state.', 'state'),
    overripe: gauge(
      'carrel_holds_secured_past_keep_until',
      'Holds kept longer than their window: their timers are late.',
    ),
    notices: gauge('carrel_notices_queued', 'Notices that wait to go out.'),
    'notice-age': gauge('carrel_notices_oldest_queued_seconds', 'How long the oldest of them has waited.'),
    tasks: gauge('carrel_tasks_open', 'Tasks that wait for staff.'),
    'tasks-overdue': gauge('carrel_tasks_overdue', 'Of them, those that are overdue.'),
  };
}

/** Adds the business gauges to the registry. The function returned reads them anew; without a database they are left out. */
export function addBusinessGauges(
  registry: Registry,
  orm: MikroORM,
  clock: () => number,
): () => Promise<void> {
  const gauges = createGauges(registry);
  const reachable = new Gauge({
    name: 'carrel_database_up',
    help: 'Whether the database answers.',
    registers: [registry],
  });

  return async () => {
    for (const gauge of Object.values(gauges)) gauge.reset();
    try {
      const rows = await orm.em.fork().execute<Row[]>(query, { now: new Date(clock()) });
      reachable.set(1);
      for (const { of, library, state, value } of rows)
        gauges[of].set(of === 'holds' ? { library, state } : { library }, value);
    } catch {
      reachable.set(0);
    }
  };
}
