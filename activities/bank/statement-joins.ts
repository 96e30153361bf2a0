import type { Tx } from '../../db/transaction.ts';
import type { StatementJoin } from '../../domain/bank.ts';
import type { Account } from './statement-rows.ts';

/** A statement whose place among the others of its account is known anew. Minor units. */
export interface Joined {
  readonly id: string;
  readonly joins: StatementJoin;
  readonly before: StatementJoin;
  readonly opening: bigint;
  /** The closing balance of the latest statement before it, and its number. */
  readonly expected: bigint | null;
  readonly sequence: bigint | null;
  readonly previous: bigint | null;
}

type JoinedRow = { [K in keyof Joined]: Joined[K] extends bigint | null ? string | null : Joined[K] };

/**
 * A statement joins if another one ends where it begins, in days and balance, or begins where it begins; the earliest of its account is the first. Only those can change that are new or
 * did not join before: what was missing may have come.
 */
const rejoin = `
update bank_statement statement set joins = found.joins
from (
  select each.id, each.joins as before, last.closing as expected, numbered.sequence as previous,
    case
      when each.opening is null then 'unknown'
      when exists (select from bank_statement other where other.library = each.library and other.account = each.account and other.id <> each.id
        and other.closing = each.opening and other.to_on <= each.from_on) then 'joined'
      when last.id is null then 'first'
      when exists (select from bank_statement other where other.library = each.library and other.account = each.account and other.id <> each.id
        and other.from_on = each.from_on and other.opening = each.opening and other.joins in ('first', 'joined')) then 'joined'
      else 'gap'
    end as joins
  from bank_statement each
  left join lateral (
    select id, closing from bank_statement other where other.library = each.library and other.account = each.account and other.id <> each.id
      and other.closing is not null and other.to_on <= each.from_on
      and (other.to_on, coalesce(other.sequence, 0), coalesce(other.page, 0)) < (each.to_on, coalesce(each.sequence, 0), coalesce(each.page, 0))
    order by to_on desc, sequence desc nulls last, page desc nulls last, id desc limit 1
  ) last on true
  left join lateral (
    select sequence from bank_statement other where other.library = each.library and other.account = each.account
      and other.sequence < each.sequence and extract(year from other.to_on) = extract(year from each.to_on)
    order by sequence desc limit 1
  ) numbered on true
  where each.library = ? and each.account = ? and (each.joins in ('first', 'gap') or each.id = any(?::uuid[]))
) found
where statement.id = found.id
returning statement.id, statement.joins, found.before, statement.opening, found.expected, statement.sequence, found.previous`;

const big = (text: string | null) => (text === null ? null : BigInt(text));

/** Says anew how the account's statements join, `added` among them; the account is locked. */
export async function joinStatements(
  tx: Tx,
  { library, code }: Account,
  added: readonly string[],
): Promise<Joined[]> {
  const rows = await tx.execute<JoinedRow[]>(rejoin, [library, code, `{${added.join(',')}}`]);
  return rows.map((row) => ({
    ...row,
    opening: BigInt(row.opening ?? 0),
    expected: big(row.expected),
    sequence: big(row.sequence),
    previous: big(row.previous),
  }));
}
