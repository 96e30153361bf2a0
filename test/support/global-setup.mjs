// As .mjs, jest leaves this module and all it imports to node, which reads the .ts files by itself.
import { openBroker } from './broker.ts';
import { testServers } from './servers.ts';

/** Offers the shared servers to the test files; none is started before a test asks for it. */
export default async function globalSetup() {
  const servers = testServers();
  const broker = await openBroker(servers.offers);
  process.env.CARREL_TEST_BROKER = broker.url;
  // Children are stopped as the process exits; a signal would skip that and leave them behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  globalThis.carrelTestTeardown = async () => {
    await broker.close();
    await servers.stopAll();
  };
}
