import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { v7 as uuid } from 'uuid';
import { createEngine } from '../../engine/processes.ts';
import { devServer } from '../support/temporal.ts';
import { until } from '../support/carrel.ts';

let client: Client;
let taskQueue: string;
beforeAll(async () => {
  const server = await devServer();
  ({ taskQueue } = server);
  client = new Client({ connection: await Connection.connect({ address: server.address }) });
});
afterAll(() => client.connection.close());

/** Begins a process that nobody works for, and waits until the list names it. */
async function begin(): Promise<string> {
  const workflowId = `payment:${uuid()}`;
  await client.workflow.start('payment', { workflowId, taskQueue });
  const query = `ExecutionStatus = 'Running' AND WorkflowId = '${workflowId}'`;
  await until(
    async () => (await client.workflow.count(query)).count,
    (count) => count === 1,
  );
  return workflowId;
}

async function signalsOf(workflowId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}

test('wakes of many the open ones once each, and passes over those that have ended or never were', async () => {
  const [open, ended] = await Promise.all([begin(), begin()]);
  await client.workflow.getHandle(ended).terminate();
  const nobody = Array.from({ length: 120 }, () => `payment:${uuid()}`);
  await createEngine(client, taskQueue).wakeListed([...nobody, open, ended, open]);
  expect([await signalsOf(open), await signalsOf(ended)]).toEqual([1, 0]);
});
