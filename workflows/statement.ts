import { allHandlersFinished, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { StatementRead } from '../activities/bank/import-statement.ts';
import { wake } from './hold.ts';
import { patient } from './proxies.ts';

export const statementWorkflowId = (fileId: string): string => `statement:${fileId}`;

export interface StatementInput {
  readonly fileId: string;
  readonly library: string;
}

/** The answer to who handed the file in, once it has been read; sent with the start. */
export const statementRead = defineUpdate<StatementRead>('statementRead');

const entriesAPage = 1_000;

/**
 * A bank's file from its arrival to the last of its entries (P9): taken over whole or not at all, then each entry booked to where it belongs or left to staff. What it
 * holds is in the database; only ids travel.
 */
export async function statement({ fileId, library }: StatementInput): Promise<StatementRead> {
  let read: StatementRead | undefined;
  setHandler(wake, () => undefined);
  setHandler(statementRead, async () => {
    await condition(() => read !== undefined);
    return read as StatementRead;
  });
  read = await patient.importStatement({ fileId, now: Date.now() });
  let afterId: string | undefined;
  do {
    const page = await patient.matchEntries({
      library,
      limit: entriesAPage,
      now: Date.now(),
      ...(afterId !== undefined && { afterId }),
    });
    ({ afterId } = page);
  } while (afterId !== undefined);
  await patient.endStatement({ fileId, now: Date.now() });
  await condition(allHandlersFinished);
  return read;
}
