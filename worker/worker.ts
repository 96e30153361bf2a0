import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';

export interface WorkerRequest {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly activities: Activities;
  readonly dataConverter: DataConverter;
  /** Connections of the database pool; no more database steps run at once. */
  readonly databasePool: number;
  /** A bundle made before, instead of bundling the workflows at start. */
  readonly workflowBundle?: WorkerOptions['workflowBundle'];
}

export const workflowsPath = fileURLToPath(import.meta.resolve('../workflows/index.ts'));

/** A worker as production and tests run it. */
export function createWorker(request: WorkerRequest): Promise<Worker> {
  const { databasePool, workflowBundle, ...rest } = request;
  return Worker.create({
    ...rest,
    ...(workflowBundle ? { workflowBundle } : { workflowsPath }),
    maxConcurrentLocalActivityExecutions: databasePool,
    maxConcurrentActivityTaskExecutions: 50,
    shutdownGraceTime: '25s',
  });
}
