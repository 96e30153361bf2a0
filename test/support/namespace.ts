import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { registerSearchAttributes, searchAttributesKnown } from '../../engine/search-attributes.ts';
import { devServer } from './temporal.ts';

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

/**
 * One for a test file whose libraries send each other messages: a line to another agency has an id made of the two names, so that files that share a namespace would wake each other's – or one that a
 * file has left behind, whose worker is gone.
 */
export async function ownNamespace(): Promise<string> {
  const connection = await Connection.connect({ address: (await devServer()).address });
  try {
    return await createNamespace(connection);
  } finally {
    await connection.close();
  }
}
