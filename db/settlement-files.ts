import type { MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from './prepared.ts';
import { inTransaction } from './transaction.ts';

/** A gateway's settlement file that was handed in. */
export interface NewSettlementFile {
  readonly id: string;
  readonly library: string;
  readonly provider: string;
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  readonly content: Buffer;
  readonly actor: Actor;
  readonly at: Date;
}

/** Keeps a file as it was handed in, before anything is done with it (P9); a document. The very same content is the file that was there first. Answers its id. */
export function keepSettlementFile(orm: MikroORM, given: NewSettlementFile): Promise<string> {
  const { id, library, provider, hash, content, actor, at } = given;
  return inTransaction(orm, async (tx) => {
    const [row] = await tx.execute<{ id: string }[]>(
      `insert into settlement_file (id, library, provider, hash, content, received_at, received_by) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (library, provider, hash) do update set hash = excluded.hash returning id`,
      [id, library, provider, hash, content, at, actor],
    );
    return row?.id ?? id;
  });
}

/** A file without its content. Instants are epoch milliseconds. */
export interface SettlementFileRow {
  readonly id: string;
  readonly provider: string;
  readonly receivedAt: number;
  readonly importedAt: number | null;
  readonly lines: number | null;
  readonly added: number | null;
}

const latest: Statement = {
  name: 'settlement-files',
  text: `select id, provider, ${epochMs('received_at')} as "receivedAt", ${epochMs('imported_at')} as "importedAt", lines, added
    from settlement_file where library = $1 order by received_at desc, id desc limit 200`,
};

/** The files handed in, the latest first. */
export function settlementFiles(orm: MikroORM, library: string): Promise<SettlementFileRow[]> {
  return rowsOf(orm, latest, [library]);
}
