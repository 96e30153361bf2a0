import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { apiConfig } from '../config/config.ts';
import { runMain } from '../config/main.ts';
import { connectionOptions } from './connection.ts';
import { registerSearchAttributes, searchAttributesKnown } from './search-attributes.ts';

const alreadyExists = 6;

/**
 * Makes a Temporal server ready for Carrel: the namespace, where it is missing (closed histories kept 30 days), and the search attributes operators look by.
 * Running it again changes nothing.
 */
export async function prepareEngine(connection: Connection, namespace: string): Promise<void> {
  await createNamespace(connection, namespace);
  // A new namespace takes some seconds to be known everywhere in a cluster.
  for (let tries = 0; !(await isPrepared(connection, namespace, tries >= 30)); tries += 1) await sleep(1_000);
}

async function createNamespace({ workflowService }: Connection, namespace: string): Promise<void> {
  const workflowExecutionRetentionPeriod = msToTs('30 days');
  try {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  } catch (error) {
    if ((error as { code?: number }).code !== alreadyExists) throw error;
  }
}

async function isPrepared(connection: Connection, namespace: string, isLastTry: boolean): Promise<boolean> {
  try {
    if (!(await searchAttributesKnown(connection, namespace)))
      await registerSearchAttributes(connection, namespace);
    return true;
  } catch (error) {
    if (isLastTry) throw error;
    return false;
  }
}

async function main(): Promise<void> {
  const config = apiConfig(process.env).temporal;
  const connection = await Connection.connect(connectionOptions(config));
  await prepareEngine(connection, config.namespace);
  await connection.close();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await runMain(main);
