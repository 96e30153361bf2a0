import type { MikroORM } from '@mikro-orm/postgresql';
import { type Process, processes } from '../../domain/processes.ts';
import { processTables } from '../process-rows.ts';
import { reader } from '../transaction.ts';

/** An open row, with what its workflow shows of it. */
export interface OpenProcess {
  readonly process: Process;
  readonly id: string;
  readonly library: string;
  readonly patronId: string | null;
  readonly state: string;
}

/** The open row that a workflow id names; undefined when it has ended, was never there, or the id is of a workflow that stands for no row. */
export async function openProcess(orm: MikroORM, workflowId: string): Promise<OpenProcess | undefined> {
  const [name = '', id = ''] = workflowId.split(':');
  const process = processes.find((known) => known === name);
  if (!process) return undefined;
  const { table, open, state } = processTables[process];
  const [row] = await reader(orm).execute<Omit<OpenProcess, 'process'>[]>(
    `select id, library, patron_id as "patronId", ${state} as state from ${table} where id = ? and ${open}`,
    [id],
  );
  return row && { process, ...row };
}
