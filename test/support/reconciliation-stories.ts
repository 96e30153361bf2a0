import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { reconciliation, reconciliations, reconciliationWorkflowId } from '../../workflows/reconciliation.ts';
import type { Backend } from './carrel.ts';

/** Days that are compared; each story answers the workflow it has brought to its end. */
export function createReconciliationStories({ client, taskQueue, orm, build, policy }: Backend) {
  const { library } = build;
  const yesterday = Temporal.Now.zonedDateTimeISO(policy.timeZone)
    .subtract({ days: 1 })
    .toPlainDate()
    .toString();
  return {
    'reconciliation.differs': async () => {
      const sql = orm.em.fork();
      await sql.execute('insert into drawer (library, branch) values (?, ?) on conflict do nothing', [
        library,
        'main',
      ]);
      await sql.execute(
        `insert into drawer_session (id, library, branch, currency, opened_at, opened_by, opening_booked, opening_count)
         values (?, ?, 'main', ?, ?, 'system', 0, 0) on conflict do nothing`,
        [uuid(), library, policy.currency, new Date(Date.now() - 3 * 86_400_000)],
      );
      const workflowId = reconciliationWorkflowId(library, yesterday);
      const given = { library, day: yesterday, actor: 'system' } as const;
      await client.workflow.execute(reconciliation, { workflowId, taskQueue, args: [given] });
      return workflowId;
    },
    'reconciliations.daily': async () => {
      const workflowId = `reconciliations:${uuid()}`;
      await orm.em.fork().execute('delete from reconciliation_line');
      await orm.em.fork().execute('delete from reconciliation');
      await client.workflow.execute(reconciliations, { workflowId, taskQueue, args: [{ library }] });
      return workflowId;
    },
  };
}
