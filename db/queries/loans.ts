import type { MikroORM } from '@mikro-orm/postgresql';
import type { Closure } from '../../domain/calendar.ts';
import type { Kind } from '../../domain/kinds.ts';
import type { PatronFacts } from '../../domain/patrons.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { closureColumns } from './closures.ts';
import type { TimePage } from './holds.ts';
import { patronColumns, patronFacts, type PatronRow } from './patron-facts.ts';
import { heldByOthers } from './queue.ts';

/** A loan as its reader sees it. Instants are epoch milliseconds; `issuedOn` is `YYYY-MM-DD`. */
export interface LoanRow {
  readonly id: string;
  readonly titleId: string;
  readonly kind: Kind;
  readonly title: string;
  readonly author: string | null;
  readonly itemId: string;
  readonly barcode: string;
  readonly shelfMark: string | null;
  readonly issue: string | null;
  readonly issuedOn: string | null;
  readonly branch: string;
  readonly checkedOutAt: number;
  readonly dueAt: number;
  readonly renewals: number;
  readonly renewedAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: 'returned' | 'lost' | null;
}

/** A loan with what others want of it. */
export interface RenewableRow extends LoanRow {
  readonly heldByOthers: number;
}

/** A reader's loans and everything that decides whether they can be renewed (L2). */
export interface LoanAccount {
  readonly patron: PatronFacts;
  readonly closures: readonly Closure[];
  readonly loans: readonly RenewableRow[];
}

const select = (more = '') => `
  select loan.id, loan.title_id as "titleId", loan.kind, title.title, title.author,
    item.id as "itemId", item.barcode, item.shelf_mark as "shelfMark", item.issue, to_char(item.issued_on, 'YYYY-MM-DD') as "issuedOn",
    loan.branch, ${epochMs('loan.checked_out_at')} as "checkedOutAt", ${epochMs('loan.due_at')} as "dueAt",
    loan.renewals, ${epochMs('loan.renewed_at')} as "renewedAt", ${epochMs('loan.ended_at')} as "endedAt", loan.end_reason as "endReason"${more}
  from loan
  join title on title.id = loan.title_id
  join item on item.id = loan.item_id`;

const account = (which: string) => `
  select ${patronColumns} as patron,
    (select coalesce(json_agg(closed), '[]') from (
      select ${closureColumns} from closure where closure.library = patron.library and day >= ($2::timestamptz)::date - 1) closed) as closures,
    (select coalesce(json_agg(mine), '[]') from (
      ${select(`, ${heldByOthers} as "heldByOthers"`)}
      where loan.patron_id = patron.id and ${which} order by loan.due_at, loan.id) mine) as loans
  from patron where patron.id = $1`;

const open: Statement = { name: 'loans-open', text: account('loan.ended_at is null') };
const some: Statement = { name: 'loans-some', text: account('loan.id = any($3::uuid[])') };

const ended: Statement = {
  name: 'loans-ended',
  text: `${select()}
    where loan.patron_id = $1 and loan.ended_at is not null
      and ($2::timestamptz is null or (loan.ended_at, loan.id) < ($2, $3::uuid))
    order by loan.ended_at desc, loan.id desc limit $4`,
};

type AccountRow = Pick<LoanAccount, 'closures' | 'loans'> & { patron: PatronRow };

async function read(orm: MikroORM, statement: Statement, values: unknown[]): Promise<LoanAccount> {
  const [row] = await rowsOf<AccountRow>(orm, statement, values);
  if (!row) throw new Error(`There is no reader ${String(values[0])}.`);
  return { ...row, patron: patronFacts(row.patron, row.patron.blocked, row.patron.owed) };
}

/** A reader's open loans, those due first at the top; one query, whatever their number. */
export function openLoans(orm: MikroORM, patronId: string, now: Date): Promise<LoanAccount> {
  return read(orm, open, [patronId, now]);
}

/** Those of the loans that are the reader's, open or ended. */
export function loansById(
  orm: MikroORM,
  patronId: string,
  now: Date,
  ids: readonly string[],
): Promise<LoanAccount> {
  return read(orm, some, [patronId, now, ids]);
}

/** A reader's ended loans, the latest first; one more than asked for tells that there is a next page. */
export function endedLoans(orm: MikroORM, { patronId, before, limit }: TimePage): Promise<LoanRow[]> {
  return rowsOf(orm, ended, [patronId, before?.at, before?.id, limit + 1]);
}
