import type { MikroORM } from '@mikro-orm/postgresql';
import type { Outcome, Part, Why } from '../../domain/matching.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A part of a suggestion, with whose it is. */
export type NamedPart = Part & {
  readonly reader: { readonly id: string; readonly card: string; readonly name: string } | null;
  readonly reference: string | null;
};

export interface SuggestionRow {
  readonly id: string;
  readonly score: number;
  readonly reasons: readonly Why[];
  readonly parts: readonly NamedPart[];
}

/** A booking for an entry; minor units. */
export interface EntryBookingRow {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly paymentId: string | null;
  readonly patronId: string | null;
  readonly reverses: string | null;
  readonly lines: readonly { readonly account: string; readonly amount: string }[];
}

export interface DecisionRow {
  readonly outcome: Outcome | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly deciderName: string | null;
  /** What nobody has decided on yet, in minor units: above zero of money that came in. */
  readonly open: string;
  readonly suggestions: readonly SuggestionRow[];
  readonly bookings: readonly EntryBookingRow[];
}

const decision: Statement = {
  name: 'entry-decision',
  text: `
    select outcome, decided_by as "decidedBy", ${epochMs('decided_at')} as "decidedAt",
      (select name from staff_member where 'staff:' || id = decided_by) as "deciderName",
      (select coalesce(-sum(posting.amount), 0)::text from journal join posting on posting.journal_id = journal.id
        where journal.entry_id = entry.id and posting.account = 'suspense:' || entry.account) as open,
      coalesce((select jsonb_agg(jsonb_build_object('id', id, 'score', score, 'reasons', reasons, 'parts', (
          select jsonb_agg(part || jsonb_build_object('reference', payment.reference, 'reader',
            case when patron.id is not null then jsonb_build_object('id', patron.id, 'card', patron.card, 'name', patron.name) end) order by place)
          from jsonb_array_elements(parts) with ordinality as given (part, place)
          left join journal on journal.id = (part->>'journalId')::uuid
          left join payment on payment.id = coalesce((part->>'paymentId')::uuid, journal.payment_id)
          left join patron on patron.id = coalesce((part->>'patronId')::uuid, payment.patron_id)
        )) order by rank) from entry_suggestion where entry_id = entry.id), '[]') as suggestions,
      coalesce((select jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'at', ${epochMs('at')}, 'paymentId', payment_id,
          'patronId', patron_id, 'reverses', reverses, 'lines', (
            select jsonb_agg(jsonb_build_object('account', account, 'amount', amount::text) order by account) from posting where journal_id = journal.id
        )) order by at, id) from journal where entry_id = entry.id), '[]') as bookings
    from bank_entry entry where library = $1 and id = $2`,
};

/** What became of an entry of the library, and what it may be. */
export async function entryDecision(
  orm: MikroORM,
  library: string,
  entryId: string,
): Promise<DecisionRow | undefined> {
  const [row] = await rowsOf<DecisionRow>(orm, decision, [library, entryId]);
  return row;
}
