import type { PatronFacts } from '../../domain/patrons.ts';
import type { Patron } from '../entities/index.ts';

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
