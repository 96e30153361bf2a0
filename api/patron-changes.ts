import type { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction } from '../db/transaction.ts';
import type { Actor } from '../domain/roles.ts';

export interface SubmittedChange {
  /** The request's own id; the same request again keeps the same document. */
  readonly id: string;
  readonly library: string;
  readonly patronId: string;
  readonly actor: Actor;
  readonly wanted: object;
  /** The version of the data the caller has seen. */
  readonly seen?: string;
  readonly remarkId?: string | undefined;
  readonly now: number;
}

/** Keeps what somebody wants changed about a reader, before the command that carries its id: personal data stays out of workflow histories. */
export async function keepChange(orm: MikroORM, change: SubmittedChange): Promise<void> {
  const { id, library, patronId, actor, wanted, seen = null, remarkId = null, now } = change;
  await inTransaction(orm, (tx) =>
    tx.execute(
      `insert into patron_change (id, library, patron_id, actor, wanted, seen, remark_id, submitted_at)
       values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
      [id, library, patronId, actor, JSON.stringify(wanted), seen, remarkId, new Date(now)],
    ),
  );
}
