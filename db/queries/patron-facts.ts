import type { MikroORM } from '@mikro-orm/postgresql';
import type { PatronFacts } from '../../domain/patrons.ts';
import type { Patron } from '../entities/index.ts';
import { rowsOf, type Statement } from '../prepared.ts';

/** What of a reader's row the rules look at; dates are `YYYY-MM-DD`. */
export interface PatronColumns extends Pick<Patron, 'expiresOn' | 'paidUntil' | 'emailState' | 'phone'> {
  readonly closedAt?: Date | string | null | undefined;
}

/** What `patronColumns` gives. */
export interface PatronRow extends PatronColumns {
  readonly blocked: boolean;
  readonly owed: number;
}

/** What a reader has to pay that counts as a debt, as an SQL expression of the reader's id. */
export const owedBy = (patronId: string): string =>
  `(select coalesce(sum(remaining), 0)::float8 from charge where patron_id = ${patronId} and remaining > 0 and disputed_at is null and cause <> 'membership')`;

/** `PatronColumns`, `blocked` and `owed` of the row `patron`, as JSON. */
export const patronColumns = `jsonb_build_object(
  'closedAt', patron.closed_at, 'expiresOn', patron.expires_on, 'paidUntil', patron.paid_until,
  'emailState', patron.email_state, 'phone', patron.phone,
  'blocked', exists (select from block where block.patron_id = patron.id and block.lifted_at is null),
  'owed', ${owedBy('patron.id')})`;

/** What the rules need to know of a reader. */
export function patronFacts(patron: PatronColumns, blocked: boolean, owedMinor?: number): PatronFacts {
  return {
    ...(owedMinor !== undefined && { owedMinor }),
    blocked,
    closed: (patron.closedAt ?? null) !== null,
    expiresOn: patron.expiresOn ?? null,
    paidUntil: patron.paidUntil ?? null,
    mailUsable: patron.emailState === 'confirmed',
    phoneUsable: Boolean(patron.phone),
  };
}

const facts: Statement = {
  name: 'patron-facts',
  text: `select ${patronColumns} as patron from patron where patron.id = $1`,
};

/** What the rules need to know of a reader, outside any transaction; undefined where there is none. */
export async function factsOf(orm: MikroORM, patronId: string): Promise<PatronFacts | undefined> {
  const [row] = await rowsOf<{ patron: PatronRow }>(orm, facts, [patronId]);
  return row && patronFacts(row.patron, row.patron.blocked, row.patron.owed);
}
