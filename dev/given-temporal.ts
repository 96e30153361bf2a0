import { Connection } from '@temporalio/client';
import { registerSearchAttributes, searchAttributesKnown } from '../engine/search-attributes.ts';
import { SetupError, reasonOf } from './setup-error.ts';

/**
 * Refuses with a SetupError when the Temporal server that was given cannot be reached, and makes Carrel's search
 * attributes known to it. A server behind TLS is left to the API and the worker, and its attributes to its operator.
 */
export async function requireTemporal(address: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (env.TEMPORAL_TLS === 'on') return;
  const namespace = env.TEMPORAL_NAMESPACE ?? 'default';
  try {
    const connection = await Connection.connect({ address, connectTimeout: 10_000 });
    try {
      if (!(await searchAttributesKnown(connection, namespace)))
        await registerSearchAttributes(connection, namespace);
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw new SetupError(
      `The Temporal server in TEMPORAL_ADDRESS (${address}) cannot be used: ${reasonOf(error)}.`,
    );
  }
}
