import type { MikroORM } from '@mikro-orm/postgresql';
import { v5 } from 'uuid';
import { inTransaction } from '../db/transaction.ts';
import type { StaffCaller } from './caller.ts';

/** The name space of remarks' ids; it must never change. */
const nameSpace = '0f8a0b5e-6d0d-5a53-9d0b-9d1c5c0f6a77';

/**
 * Keeps what a member of staff wrote about a decision, before the command that carries its id: free text stays out of workflow histories.
 *
 * @param subject the request's own id; the same request again keeps the same remark
 * @returns the remark's id
 */
export async function keepRemark(
  orm: MikroORM,
  { id: author, library }: Pick<StaffCaller, 'id' | 'library'>,
  { subject, text, now }: { readonly subject: string; readonly text: string; readonly now: number },
): Promise<string> {
  const id = v5(subject, nameSpace);
  await inTransaction(orm, (tx) =>
    tx.execute(
      'insert into remark (id, library, author, text, created_at) values (?, ?, ?, ?, ?) on conflict (id) do nothing',
      [id, library, author, text, new Date(now)],
    ),
  );
  return id;
}

/** As `keepRemark`, for a remark that may be left out: what to add to the command. */
export async function keepIfAny(
  orm: MikroORM,
  author: Pick<StaffCaller, 'id' | 'library'>,
  {
    subject,
    text,
    now,
  }: { readonly subject: string; readonly text: string | undefined; readonly now: number },
): Promise<{ remarkId?: string }> {
  return text === undefined ? {} : { remarkId: await keepRemark(orm, author, { subject, text, now }) };
}
