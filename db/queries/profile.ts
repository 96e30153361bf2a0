import type { EntityManager } from '@mikro-orm/postgresql';
import type { Language } from '../../domain/languages.ts';
import type { EmailState } from '../entities/index.ts';

/** A reader as their own account shows them; dates are `YYYY-MM-DD`. */
export interface Profile {
  readonly id: string;
  readonly library: string;
  readonly card: string;
  readonly name: string;
  readonly email: string | null;
  readonly emailState: EmailState;
  readonly phone: string | null;
  readonly language: Language;
  readonly userGroup: string;
  readonly paidUntil: string | null;
  readonly expiresOn: string | null;
  /** Codes of what the account may do beyond borrowing (A7). */
  readonly permissions: readonly string[];
  readonly blocks: readonly { readonly id: string; readonly reason: string; readonly placedAt: string }[];
  readonly counts: {
    readonly waiting: number;
    readonly secured: number;
    readonly loans: number;
    readonly overdue: number;
  };
}

const query = `
select p.id, p.library, p.card, p.name, p.email, p.email_state as "emailState", p.phone, p.language, p.user_group as "userGroup",
  p.paid_until::text as "paidUntil", p.expires_on::text as "expiresOn", p.permissions,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'reason', reason, 'placedAt', placed_at) order by placed_at), '[]')
   from block where patron_id = p.id and lifted_at is null) as blocks,
  (select jsonb_build_object('waiting', count(*) filter (where state <> 'secured'), 'secured', count(*) filter (where state = 'secured'))
   from hold where patron_id = p.id and state in ('waiting', 'in-transit', 'secured'))
  || (select jsonb_build_object('loans', count(*), 'overdue', count(*) filter (where due_at < ?))
   from loan where patron_id = p.id and ended_at is null) as counts
from patron p where p.id = ?`;

/** The account page's top: who the reader is, what stands in their way, and how much there is of everything. */
export async function profileOf(
  em: EntityManager,
  patronId: string,
  now: Date,
): Promise<Profile | undefined> {
  const [row] = await em.execute<Profile[]>(query, [now, patronId]);
  return row;
}
