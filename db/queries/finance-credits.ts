import type { MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** What is outstanding at the institution's finance office; minor units. */
export interface OutstandingRow {
  readonly account: string;
  readonly currency: string;
  readonly amount: number;
}

const outstanding: Statement = {
  name: 'finance-outstanding',
  text: `
    select posting.account, posting.currency, sum(posting.amount)::float8 as amount
    from posting join journal on journal.id = posting.journal_id
    where journal.library = $1 and (posting.account like 'transfer:%' or posting.account like 'card:%')
    group by posting.account, posting.currency having sum(posting.amount) <> 0 order by posting.account`,
};

/** Internal transfers and campus cards that the finance office has not credited yet. */
export function financeOutstanding(orm: MikroORM, library: string): Promise<OutstandingRow[]> {
  return rowsOf(orm, outstanding, [library]);
}

/** Amounts are minor units, instants epoch milliseconds. */
export interface FinanceCreditRow extends OutstandingRow {
  readonly id: string;
  readonly at: number;
  readonly by: Actor;
  readonly byName: string | null;
  readonly note: string | null;
  readonly takenBackAt: number | null;
}

const credits: Statement = {
  name: 'finance-credits',
  text: `
    select entered.id, posting.account, posting.currency, (-posting.amount)::float8 as amount, ${epochMs('coalesce(entered.value_at, entered.at)')} as at,
      entered.actor as by, staff_member.name as "byName", remark.text as note,
      (select ${epochMs('at')} from journal back where back.reverses = entered.id) as "takenBackAt"
    from journal entered join posting on posting.journal_id = entered.id and posting.amount < 0
    left join staff_member on 'staff:' || staff_member.id = entered.actor left join remark on remark.id = entered.remark_id
    where entered.library = $1 and entered.kind = 'finance-credit' order by entered.at desc, entered.id desc limit 200`,
};

/** What the finance office has credited, the latest first; at most 200. */
export function financeCredits(orm: MikroORM, library: string): Promise<FinanceCreditRow[]> {
  return rowsOf(orm, credits, [library]);
}

const one: Statement = {
  name: 'finance-credit',
  text: `select id from journal where library = $1 and id = $2 and kind = 'finance-credit'`,
};

/** Whether such a credit was entered in the library. */
export async function isFinanceCredit(orm: MikroORM, library: string, creditId: string): Promise<boolean> {
  return (await rowsOf(orm, one, [library, creditId])).length > 0;
}
