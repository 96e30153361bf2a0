import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { v7 as uuid } from 'uuid';
import type { Activities } from '../../activities/index.ts';
import type { ActOnSupply, LookAtSupply } from '../../activities/supply/steps.ts';
import type { Standing } from '../../domain/standing.ts';
import { createWorker } from '../../worker/worker.ts';
import { wake } from '../../workflows/hold.ts';
import { actOnSupply, type supply, supplyWorkflowId } from '../../workflows/supply.ts';
import { ask } from '../support/broker.ts';
import { until } from '../support/carrel.ts';
import { devServer } from '../support/temporal.ts';

jest.setTimeout(120_000);

/** A process over steps that the test holds back: what is stored is heeded by the look that begins after it. */
async function startHeldBack() {
  const { address, taskQueue, namespace } = await devServer();
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  const connection = await NativeConnection.connect({ address });
  const seen = { stored: 0, heeded: 0, looks: 0, ended: false };
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const standing = (now: number): Standing => ({
    state: 'RequestReceived',
    deliver: [],
    ended: seen.ended,
    asOf: now,
  });
  const steps = {
    lookAtSupply: async ({ now }: LookAtSupply) => {
      seen.looks += 1;
      const before = standing(now);
      seen.heeded = seen.stored;
      if (seen.looks === 2) await held;
      return seen.looks > 2 ? standing(now) : before;
    },
    actOnSupply: async ({ now }: ActOnSupply) => {
      seen.ended = true;
      return { standing: standing(now) };
    },
  };
  const worker = await createWorker({
    connection,
    namespace,
    taskQueue,
    activities: steps as unknown as Activities,
    dataConverter: {},
    databasePool: 5,
    workflowBundle: await ask<{ codePath: string }>('workflows'),
  });
  const running = worker.run();
  return {
    client,
    taskQueue,
    seen,
    release,
    stop: async () => {
      worker.shutdown();
      await running;
      await connection.close();
      await client.connection.close();
    },
  };
}

let bench: Awaited<ReturnType<typeof startHeldBack>>;
beforeAll(async () => {
  bench = await startHeldBack();
});
afterAll(() => bench?.stop());

test('I18 a message that rings at the instant at which an act ends the request is heeded, and does not wait for the sweep', async () => {
  const { client, taskQueue, seen, release } = bench;
  const supplyId = uuid();
  const handle = await client.workflow.start<typeof supply>('supply', {
    workflowId: supplyWorkflowId(supplyId),
    taskQueue,
    args: [{ supplyId, library: 'demo' }],
  });
  const looked = (times: number) =>
    until(
      async () => seen.looks,
      (looks) => looks >= times,
      30_000,
    );
  await looked(1);
  await handle.signal(wake);
  await looked(2);
  // The second look has read what was stored, and is not back: a message comes, and staff end the request.
  seen.stored = 1;
  await handle.signal(wake);
  const act = handle.executeUpdate(actOnSupply, {
    args: [{ act: 'unfilled', reason: 'NotHeld', actor: 'staff:00000000-0000-7000-8000-000000000001' }],
  });
  await until(
    async () => seen.ended,
    (ended) => ended,
    30_000,
  );
  release();
  await act;
  await handle.result();
  expect(seen).toMatchObject({ heeded: 1, ended: true });
});
