import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { v7 as uuid } from 'uuid';
import { checkEngine } from '../../db/invariants/engine.ts';
import { isBroken } from '../../db/invariants/check.ts';
import { registerSearchAttributes } from '../../engine/search-attributes.ts';
import { attributes } from '../../workflows/attributes.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { until } from '../support/carrel.ts';
import { devServer } from '../support/temporal.ts';
import { createTelling } from './story.ts';

let bench: ActivityBench;
let client: Client;
/** All of it is older than a minute then. */
const later = Date.now() + 3_600_000;

beforeAll(async () => {
  bench = await startActivities();
  const { address } = await devServer();
  client = await ownNamespace(await Connection.connect({ address }));
});
afterAll(async () => {
  await client.connection.close();
  await bench.stop();
});

/** The server is shared with other test files, whose workflows have no rows here. */
async function ownNamespace(connection: Connection): Promise<Client> {
  const namespace = `audit-${uuid()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  await until(
    () =>
      registerSearchAttributes(connection, namespace).then(
        () => true,
        () => false,
      ),
    Boolean,
  );
  return new Client({ connection, namespace });
}

const begun = (workflowId: string) =>
  client.workflow.start(workflowId.split(':')[0] ?? '', {
    workflowId,
    taskQueue: 'nobody',
    args: [],
    typedSearchAttributes: new TypedSearchAttributes([
      { key: attributes.process, value: workflowId.split(':')[0] ?? '' },
    ]),
  });

const astray = async () => {
  const broken = (await checkEngine(bench.orm, client, later)).filter(isBroken);
  return Object.fromEntries(broken.map(({ name, ids }) => [name, ids]));
};

test('G1 rows and workflows that do not belong together are named, both ways', async () => {
  const tell = createTelling(bench);
  const { titleId, loanId } = await tell.lentTitle(0);
  const { holdId } = await tell.place(1, titleId, 'mail');
  expect(await astray()).toEqual({
    'hold-has-workflow': [`hold:${holdId}`],
    'loan-has-workflow': [`loan:${loanId}`],
  });

  const handle = await until(
    () => begun(`hold:${holdId}`).catch(() => undefined),
    (started) => started !== undefined,
  );
  await begun(`loan:${loanId}`);
  const orphan = `loan:${uuid()}`;
  await begun(orphan);
  await until(astray, (found) => 'loan-workflow-has-row' in found);
  expect(await astray()).toEqual({ 'loan-workflow-has-row': [orphan] });

  await handle?.terminate();
  await until(astray, (found) => 'hold-has-workflow' in found);
  expect((await astray())['hold-has-workflow']).toEqual([`hold:${holdId}`]);
});

test('G1 a process that has ended may stay open for the mail it still has to send', async () => {
  const tell = createTelling(bench);
  const { titleId, loanId } = await tell.lentTitle(0);
  const { holdId } = await tell.place(1, titleId, 'mail');
  await begun(`loan:${loanId}`);
  await begun(`hold:${holdId}`);
  await tell.cancel(2, holdId);
  await until(astray, (found) => !JSON.stringify(found).includes(loanId));
  expect(JSON.stringify(await astray())).not.toContain(holdId);

  await tell.deliver(3, holdId);
  await until(astray, (found) => 'hold-workflow-has-row' in found);
  expect((await astray())['hold-workflow-has-row']).toEqual([`hold:${holdId}`]);
});
