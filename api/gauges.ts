import type { MikroORM } from '@mikro-orm/postgresql';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

interface Row {
  readonly library: string;
  readonly of: keyof ReturnType<typeof createGauges>;
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
select library, 'tasks-overdue', '', count(*) from task where resolved_at is null and due_at < :now group by library
union all
select library, 'payments', state, count(*) from payment where ended_at is null group by library, state
union all
select library, 'entries', '', count(*) from bank_entry where state in ('new', 'suspended') group by library
union all
select library, 'differences', currency, sum(abs(amount)) from difference where solved_at is null group by library, currency
union all
select library, 'reconciled', '', extract(epoch from :now - max(ends_at)) from reconciliation group by library
union all
select library, 'messages', peer, count(*) from ill_message where state = 'queued' group by library, peer
union all
select library, 'lines-failing', code, extract(epoch from :now - failing_since) from ill_peer where failing_since is not null`;

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
    payments: gauge('carrel_payments_under_way', 'Payments under way by state.', 'state'),
    entries: gauge('carrel_bank_entries_unmatched', 'Entries of bank statements that wait to be matched.'),
    differences: gauge(
      'carrel_reconciliation_difference_minor_units',
      'What ledger, gateways and bank differ by, in all, until it is solved; in minor units of the currency.',
      'currency',
    ),
    messages: gauge('carrel_messages_queued', 'Messages that wait to be sent to another agency.', 'peer'),
    'lines-failing': gauge(
      'carrel_lines_failing_seconds',
      'For how long nothing has got through to another agency.',
      'peer',
    ),
    reconciled: gauge(
      'carrel_reconciliation_age_seconds',
      'How long ago the latest day ended that has been reconciled.',
    ),
  };
}

/** By what a figure is told apart besides its library. */
function detailOf(of: Row['of'], detail: string): Record<string, string> {
  if (of === 'holds' || of === 'payments') return { state: detail };
  if (of === 'messages' || of === 'lines-failing') return { peer: detail };
  return of === 'differences' ? { currency: detail } : {};
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
        gauges[of].set({ library, ...detailOf(of, state) }, value);
    } catch {
      reachable.set(0);
    }
  };
}
