/*
 * `npm run histories` records every story as `test/histories/<story>.<version>.json`, once a release. Recorded histories are never edited or recorded
 * anew: they are what running processes look like, and later code must replay them.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { NativeConnection } from '@temporalio/worker';
import { openBroker } from '../support/broker.ts';
import { startBackend } from '../support/carrel.ts';
import { testServers } from '../support/servers.ts';
import { evenGateways } from '../support/payment-stories.ts';
import { createStories, historyOf, shortWindows } from '../support/stories.ts';
import { devServer } from '../support/temporal.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const servers = testServers();
const broker = await openBroker(servers.offers);
process.env.CARREL_TEST_BROKER = broker.url;
const { address, namespace, taskQueue } = await devServer();
const client = new Client({ connection: await Connection.connect({ address }), namespace });
const connection = await NativeConnection.connect({ address });
const backend = await startBackend(
  { client, connection, namespace, taskQueue },
  { change: shortWindows, gateways: evenGateways },
);
mkdirSync('test/histories', { recursive: true });
for (const [story, tell] of Object.entries(createStories(backend))) {
  const file = `test/histories/${story}.${version}.json`;
  if (existsSync(file)) continue;
  const history = await historyOf(client, await tell());
  writeFileSync(file, `${historyToJSON(history)}\n`);
  process.stdout.write(`${file}: ${history.events?.length} events\n`);
}
await backend.stop();
await client.connection.close();
await connection.close();
await broker.close();
await servers.stopAll();
