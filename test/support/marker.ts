import type { Client } from '@temporalio/client';
import type { MikroORM } from '@mikro-orm/postgresql';

/** Every row of every table whose text holds one of the words, as `table: row`. */
export async function rowsWith(orm: MikroORM, words: readonly string[]): Promise<string[]> {
  const em = orm.em.fork();
  const tables = await em.execute<{ name: string }[]>(
    `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await em.execute<{ row: string }[]>(`select row_to_json(t)::text as row from ${name} t`);
    found.push(
      ...rows
        .filter(({ row }) => words.some((word) => row.includes(word)))
        .map(({ row }) => `${name}: ${row}`),
    );
  }
  return found;
}

/** All that the engine remembers of the workflows that were started for a reader, payloads read. */
export async function historiesOf(client: Client, patronId: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: `CarrelPatron = '${patronId}'` })) {
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    found.push(JSON.stringify(history, readable));
  }
  return found;
}

/** The bytes of payloads as the text they are. */
function readable(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'bigint' ? String(value) : value;
}
