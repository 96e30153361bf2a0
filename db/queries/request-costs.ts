import type { MikroORM } from '@mikro-orm/postgresql';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** What one request has cost its account: delivery and loan, overdue, lost. Minor units; the instant is epoch milliseconds. */
export interface RequestCost {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  /** For whom it was (I6); null: the account's holder. */
  readonly person: string | null;
  readonly email: string | null;
  /** When the first of it was charged. */
  readonly at: number;
  readonly charged: number;
  readonly open: number;
  readonly currency: string;
}

export interface CostSearch {
  readonly patronId: string;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly limit: number;
}

/** What was dropped costs nothing. */
const costs: Statement = {
  name: 'costs-of-requests',
  text: `select request.id, request.number, request.title, form.beneficiary as person, form.beneficiary_email as email,
      ${epochMs('min(charge.raised_at)')} as at, sum(charge.amount)::float8 as charged, sum(charge.remaining)::float8 as open, charge.currency
    from ill_request request join ill_form form on form.id = request.form_id
    join charge on charge.patron_id = request.patron_id and charge.dropped_at is null
      and (charge.waits = 'ill:' || request.id or charge.subject_id = request.id or charge.item_id = request.item_id
        or charge.subject_id in (select id from loan where loan.item_id = request.item_id))
    where request.patron_id = $1 and ($2::timestamptz is null or charge.raised_at >= $2) and ($3::timestamptz is null or charge.raised_at < $3)
    group by request.id, form.id, charge.currency order by form.beneficiary nulls first, form.beneficiary_email nulls first, at, request.id limit $4`,
};

/** What the requests of an account have cost in a period, by whom they were for (I6). */
export function costsOfRequests(
  orm: MikroORM,
  { patronId, from, to, limit }: CostSearch,
): Promise<RequestCost[]> {
  return rowsOf(orm, costs, [patronId, from, to, limit]);
}
