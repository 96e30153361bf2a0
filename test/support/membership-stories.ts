import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { createEngine } from '../../engine/processes.ts';
import { createBuilders } from './builders.ts';
import { type Backend, until } from './carrel.ts';

const library = 'bibliotheca';

/** Lives of a usage fee, which only one of the libraries takes; each answers the run that tells it. */
export function createMembershipStories({ orm, client, taskQueue, activities }: Backend) {
  const build = createBuilders(orm, library);
  const step = () => ({ operation: uuid(), now: Date.now(), actor: 'staff:1' }) as const;
  /** The fee of a card that is paid for another twenty days is raised at once, and its mail goes out. */
  const raised = async () => {
    const paidUntil = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 20 }).toString();
    const { id } = await build.patron({ userGroup: 'main-card', paidUntil });
    const workflowId = `membership:${id}`;
    await createEngine(client, taskQueue).restart({
      process: 'membership',
      id,
      library,
      patronId: id,
      state: 'paid',
    });
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    await until(
      async () => orm.em.fork().execute(`select from notice where subject_id = ? and state = 'sent'`, [id]),
      (sent) => sent.length === 1,
    );
    return { id, run: { workflowId, runId } };
  };
  const close = async (patronId: string, workflowId: string) => {
    await activities.closePatron({ patronId, ...step() });
    await client.workflow.getHandle(workflowId).result();
  };
  return {
    'membership.paid': async () => {
      const { id, run } = await raised();
      const [charge] = await orm.em
        .fork()
        .execute<{ id: string }[]>('select id from charge where patron_id = ?', [id]);
      const lines = [{ chargeId: charge?.id ?? '', amountMinor: 2400 }];
      await activities.takePayment({
        paymentId: uuid(),
        patronId: id,
        lines,
        means: 'cash',
        branch: 'zentrale',
        ...step(),
      });
      await until(
        () => client.workflow.getHandle(run.workflowId).describe(),
        ({ runId }) => runId !== run.runId,
      );
      await close(id, run.workflowId);
      return run;
    },
    'membership.closed': async () => {
      const { id, run } = await raised();
      await close(id, run.workflowId);
      return run;
    },
  };
}
