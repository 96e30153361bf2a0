import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { registerSearchAttributes, searchAttributesKnown } from '../../engine/search-attributes.ts';

const patienceMs = 30_000;

/** A namespace of an installation's own on the development server, with Carrel's search attributes; some tens of milliseconds. */
export async function createNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomBytes(5).toString('hex')}`;
  await connection.workflowService.registerNamespace({
    namespace,
    // protobuf's Long: the count of seconds as low and high half
    workflowExecutionRetentionPeriod: { seconds: { low: 86_400, high: 0, unsigned: false } as never },
  });
  for (const end = Date.now() + patienceMs; ;) {
    try {
      await registerSearchAttributes(connection, namespace);
      if (await searchAttributesKnown(connection, namespace)) return namespace;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(50);
  }
}
