import type { MikroORM } from '@mikro-orm/postgresql';
import type { StatementFormat } from '../domain/bank.ts';
import type { Actor } from '../domain/roles.ts';
import { inTransaction, type Tx } from './transaction.ts';

/** A bank's file that was handed in. */
export interface NewFile {
  readonly id: string;
  readonly library: string;
  readonly name: string;
  readonly format: StatementFormat;
  /** For which account, where the file itself does not say. */
  readonly account: string | null;
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  readonly content: Uint8Array;
  readonly actor: Actor;
  readonly at: Date;
}

export interface KeptFile {
  readonly id: string;
  /** Everything that was to be done with it has been done. */
  readonly ended: boolean;
}

const known = `select id, ended_at is not null as ended from statement_file
  where library = ? and (id = ? or (hash = ? and state <> 'rejected')) order by id = ? desc limit 1`;

const insert = `insert into statement_file (id, library, name, format, account, hash, size, content, actor, state, received_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'stored', ?) on conflict do nothing`;

/**
 * Keeps a file as it was handed in, before anything is done with it (P9); a document. The very same content is the file that was there first – unless that one was
 * rejected: then it is a new one, since what was wrong may have been put right.
 */
export function keepStatementFile(orm: MikroORM, given: NewFile): Promise<KeptFile> {
  const { id, library, name, format, account, hash, content, actor, at } = given;
  const find = async (tx: Tx) => (await tx.execute<KeptFile[]>(known, [library, id, hash, id]))[0];
  return inTransaction(orm, async (tx) => {
    const before = await find(tx);
    if (before) return before;
    const values = [
      id,
      library,
      name,
      format,
      account,
      hash,
      content.length,
      Buffer.from(content),
      actor,
      at,
    ];
    await tx.execute(insert, values);
    const kept = await find(tx);
    if (!kept) throw new Error('The file could not be stored.');
    return kept;
  });
}
