import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { type Backend, startBackend } from '../support/carrel.ts';
import { evenGateways } from '../support/payment-stories.ts';
import { createStories, historyOf, shortWindows, type Story } from '../support/stories.ts';
import { devServer } from '../support/temporal.ts';
import { ownNamespace } from '../support/namespace.ts';

let carrel: Backend;
let connection: NativeConnection;

beforeAll(async () => {
  const { address, taskQueue } = await devServer();
  const namespace = await ownNamespace();
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  connection = await NativeConnection.connect({ address });
  carrel = await startBackend(
    { client, connection, namespace, taskQueue },
    { change: shortWindows, gateways: evenGateways },
  );
});

afterAll(async () => {
  await carrel?.stop();
  await carrel?.client.connection.close();
  await connection?.close();
});

/** Exact, not noisy: a process that grows by an event has a reason, and the reason is looked at here. */
test.each<[Story, number]>([
  ['hold.collected', 30],
  ['loan.returned', 15],
  ['loan.renewed-and-returned', 21],
  ['command.check-in', 8],
  ['registration.approved', 30],
  ['membership.paid', 20],
  ['membership.closed', 20],
  ['payment.settled', 30],
  ['payment.expired', 37],
  ['payment.cancelled', 30],
  ['payment.by-voucher', 36],
  ['reconciliation.differs', 17],
  ['reconciliations.daily', 20],
  ['ill.loan', 60],
  ['supply.loan', 60],
  ['ill.unfilled', 35],
  ['peer.sent', 20],
])('G1 the history of %s is read in at most %i events', async (story, budget) => {
  const { events } = await historyOf(carrel.client, await createStories(carrel)[story]());
  expect(events?.length).toBeLessThanOrEqual(budget);
});
