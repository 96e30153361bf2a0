import type { MikroORM } from '@mikro-orm/postgresql';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** An account at another library that is the same person's (I2). */
export interface LinkedAccount {
  readonly patronId: string;
  readonly library: string;
  readonly card: string;
  readonly name: string;
  readonly linkedAt: number;
}

/** A link counts while neither password has been set anew since: whoever knew an old one is not let in by it. */
const linked: Statement = {
  name: 'account-links',
  text: `select patron.id as "patronId", patron.library, patron.card, patron.name, ${epochMs('link.linked_at')} as "linkedAt"
    from account_link link join patron on patron.id = case when link.patron_id = $1 then link.other_id else link.patron_id end
    where (link.patron_id = $1 or link.other_id = $1) and patron.closed_at is null and patron.erased_at is null
      and not exists (select from credential where credential.patron_id in (link.patron_id, link.other_id) and credential.changed_at > link.linked_at)
    order by patron.library, patron.id`,
};

/** The accounts that a reader has linked to this one. */
export function linkedAccounts(orm: MikroORM, patronId: string): Promise<LinkedAccount[]> {
  return rowsOf(orm, linked, [patronId]);
}

/** The reader's own account and those linked to it. */
export async function ownAccounts(orm: MikroORM, patronId: string): Promise<string[]> {
  return [patronId, ...(await linkedAccounts(orm, patronId)).map((each) => each.patronId)];
}
