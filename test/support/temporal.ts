import { randomBytes } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { registerSearchAttributes } from '../../engine/search-attributes.ts';
import { ask } from './broker.ts';

// Before the first connection: the SDK otherwise tells of every worker that starts and stops.
Runtime.install({ logger: new DefaultLogger('ERROR') });

/**
 * A server whose clock jumps to the next timer while a test waits for a result, with Carrel's search attributes: one
 * for a test file, ended with `teardown()` in `afterAll`. It lists nothing and has no schedules; what needs those
 * runs on `devServer()`.
 */
export async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  const path = await ask<string>('testServer');
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await registerSearchAttributes(env.connection, 'default');
  return env;
}

export interface DevServer {
  address: string;
  namespace: string;
  /** Of this caller alone, so that test files do not take each other's work. */
  taskQueue: string;
}

/** The development server that all test files of a run share: real time, lists, schedules, search attributes. */
export async function devServer(): Promise<DevServer> {
  const { address } = await ask<{ address: string }>('temporal');
  const namespace = process.env.TEMPORAL_NAMESPACE ?? 'default';
  return { address, namespace, taskQueue: `test-${randomBytes(5).toString('hex')}` };
}
