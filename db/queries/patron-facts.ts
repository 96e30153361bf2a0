import type { MikroORM } from '@mikro-orm/postgresql';
import type { PatronFacts } from '../../domain/patrons.ts';
import type { Patron } from '../entities/index.ts';
import { rowsOf, type Statement } from '../prepared.ts';

/** What of a reader's row the rules look at; dates are `YYYY-MM-DD`. */
export interface PatronColumns extends Pick<Patron, 'expiresOn' | 'paidUntil' | 'emailState' | 'phone'> {
  readonly closedAt?: Date | string | null | undefined;
}

/** `PatronColumns` and `blocked` of the row `patron`, as JSON. */
export const patronColumns = `jsonb_build_object(
  'closedAt', patron.closed_at, 'expiresOn', patron.expires_on, 'paidUntil', patron.paid_until,
  'emailState', patron.email_state, 'phone', patron.phone,
  'blocked', exists (select from block where block.patron_id = patron.id and block.lifted_at is null))`;

/** What the rules need to know of a reader. */
export function patronFacts(patron: PatronColumns, blocked: boolean): PatronFacts {
  return {
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
  const [row] = await rowsOf<{ patron: PatronColumns & { blocked: boolean } }>(orm, facts, [patronId]);
  return row && patronFacts(row.patron, row.patron.blocked);
}
