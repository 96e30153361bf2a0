import type { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from '@temporalio/client';
import { openProcess } from '../db/queries/open-process.ts';
import { answerOf } from '../db/queries/operations.ts';
import { restart } from '../engine/restart.ts';

/** What is asked of the rows when the engine knows nothing of a process. */
export interface RowsSay {
  /** What a step was answered that was done under this key; undefined when it was not done. */
  readonly recall: (operation: string) => Promise<object | undefined>;
  /** Starts the workflow of an open row again; false: there is no such row, or it has ended. */
  readonly revive: (workflowId: string) => Promise<boolean>;
}

/** The rows are what is true (G1): a process that somebody terminated, or that the engine has lost, goes on as soon as it is asked something, without waiting for the sweep. */
export function createRowsSay(orm: MikroORM, client: Client, taskQueue: string): RowsSay {
  return {
    recall: (operation) => answerOf(orm, operation),
    revive: async (workflowId) => {
      const row = await openProcess(orm, workflowId);
      if (row) await restart(client, taskQueue, row);
      return row !== undefined;
    },
  };
}
