import { v7 as uuid } from 'uuid';
import type { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction, reader } from '../db/transaction.ts';
import type { Store } from './batch.ts';
import type { HoldingRecord } from './holding-record.ts';
import { upsert, type Target } from './upsert.ts';

const target: Target = {
  table: 'ill_holding',
  key: 'key',
  columns: {
    id: 'uuid',
    key: 'text',
    peer: 'text',
    origin: 'text',
    source: 'text',
    record_id: 'text',
    title: 'text',
    author: 'text',
    published: 'text',
    keys: 'text[]',
    call_number: 'text',
    coverage: 'jsonb',
    lendable: 'boolean',
    copyable: 'boolean',
    search_text: 'text',
    stated_at: 'timestamptz',
  },
  kept: ['id'],
  derived: { stated_at: 'excluded.stated_at' },
};

/** Holdings of peers by what names their statement. One that is stated again as it was is left alone. */
export const storeHoldings =
  (source: string): Store<HoldingRecord> =>
  async (tx, batch, { library, now }) => {
    const rows = batch.map(({ ok }) => ({
      id: uuid(),
      key: ok.key,
      peer: ok.peer,
      origin: 'import',
      source,
      record_id: ok.recordId,
      title: ok.title,
      author: ok.author,
      published: ok.published,
      keys: ok.keys,
      call_number: ok.callNumber,
      coverage: ok.coverage,
      lendable: ok.lendable,
      copyable: ok.copyable,
      search_text: ok.searchText,
      stated_at: now,
    }));
    return { counts: await upsert(tx, target, library, rows), rejected: [] };
  };

const page = 5000;

const pageOf = `
  select id, key from ill_holding where library = ? and source = ? and origin = 'import' and (?::text is null or peer = ?)
    and id > ? order by id limit ${page}`;

/** Removes what a source once stated and does not state any more; how many. `peer`: only this one's. */
export async function removeUnstated(
  orm: MikroORM,
  { library, source, peer }: { library: string; source: string; peer: string | undefined },
  stated: ReadonlySet<string>,
): Promise<number> {
  let last = '00000000-0000-0000-0000-000000000000';
  let removed = 0;
  for (;;) {
    const rows = await reader(orm).execute<{ id: string; key: string }[]>(pageOf, [
      library,
      source,
      peer ?? null,
      peer ?? null,
      last,
    ]);
    const gone = rows.filter(({ key }) => !stated.has(key)).map(({ id }) => id);
    if (gone.length > 0)
      await inTransaction(orm, (tx) =>
        tx.execute('delete from ill_holding where id in (select jsonb_array_elements_text(?::jsonb)::uuid)', [
          JSON.stringify(gone),
        ]),
      );
    removed += gone.length;
    const end = rows.at(-1);
    if (!end || rows.length < page) return removed;
    last = end.id;
  }
}
