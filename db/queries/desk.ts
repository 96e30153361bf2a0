import type { MikroORM } from '@mikro-orm/postgresql';
import type { ItemState, Kind } from '../../domain/kinds.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { holdColumns, holdTables, type HoldRow } from './holds.ts';

/** A reader as staff name them. */
export interface ReaderColumns {
  readonly patronId: string;
  readonly card: string;
  readonly name: string;
}

/** The columns of a `ReaderColumns`, of the row `patron`. */
export const readerColumns = `patron.id as "patronId", patron.card, patron.name`;

/** A copy as staff see it: what it is, where it is and whose. Instants are epoch milliseconds. */
export interface DeskItem {
  readonly itemId: string;
  readonly barcode: string;
  readonly shelfMark: string | null;
  readonly issue: string | null;
  readonly issuedOn: string | null;
  readonly titleId: string;
  readonly kind: Kind;
  readonly title: string;
  readonly author: string | null;
  readonly forLoan: boolean;
  readonly state: ItemState;
  readonly stateSince: number;
  /** Its home; where it is now, or was last seen, is `atBranch`. */
  readonly branch: string;
  readonly atBranch: string;
  readonly transitTo: string | null;
  readonly loanId: string | null;
  readonly holdId: string | null;
  /** Of another library's thing: under what conditions it was lent, by their codes. */
  readonly conditions: readonly string[];
}

/** The conditions of another library's thing; of the library's own none. */
const conditions = `
  coalesce((select attempt.conditions from ill_request request join ill_attempt attempt on attempt.id = request.attempt_id
    where request.id = item.ill_request_id), '{}') as conditions`;

/** The columns that name a copy and its title, of the rows `item` and `title`. */
export const itemColumns = `
  item.id as "itemId", item.barcode, item.shelf_mark as "shelfMark", item.issue, to_char(item.issued_on, 'YYYY-MM-DD') as "issuedOn",
  title.id as "titleId", title.kind, title.title, title.author`;

const itemByBarcode: Statement = {
  name: 'desk-item',
  text: `select ${itemColumns}, item.for_loan as "forLoan", item.state, ${epochMs('item.state_since')} as "stateSince",
      item.branch, item.at_branch as "atBranch", item.transit_to as "transitTo", loan.id as "loanId", item.hold_id as "holdId", ${conditions}
    from item join title on title.id = item.title_id
    left join loan on loan.item_id = item.id and loan.ended_at is null
    where item.library = $1 and item.barcode = $2`,
};

/** A copy of the library by its barcode. */
export async function deskItem(
  orm: MikroORM,
  library: string,
  barcode: string,
): Promise<DeskItem | undefined> {
  return (await rowsOf<DeskItem>(orm, itemByBarcode, [library, barcode]))[0];
}

const patronByCard: Statement = {
  name: 'desk-patron',
  text: `select ${readerColumns} from patron where library = $1 and card = $2`,
};

/** A reader of the library by the number of their card. */
export async function readerByCard(
  orm: MikroORM,
  library: string,
  card: string,
): Promise<ReaderColumns | undefined> {
  return (await rowsOf<ReaderColumns>(orm, patronByCard, [library, card]))[0];
}

/** A hold as staff see it. */
export interface DeskHold extends HoldRow, ReaderColumns {
  readonly channel: 'web' | 'desk';
  /** Where its copy is, if it has one. */
  readonly atBranch: string | null;
}

const hold: Statement = {
  name: 'desk-hold',
  text: `select ${holdColumns}, ${readerColumns}, hold.channel, item.at_branch as "atBranch"
    from ${holdTables} join patron on patron.id = hold.patron_id where hold.library = $1 and hold.id = $2`,
};

/** A hold of the library. */
export async function deskHold(orm: MikroORM, library: string, id: string): Promise<DeskHold | undefined> {
  return (await rowsOf<DeskHold>(orm, hold, [library, id]))[0];
}

/** A loan as staff see it. Instants are epoch milliseconds; the fee is in minor units of `currency`. */
export interface DeskLoan extends ReaderColumns {
  readonly id: string;
  readonly itemId: string;
  readonly barcode: string;
  readonly shelfMark: string | null;
  readonly issue: string | null;
  readonly issuedOn: string | null;
  readonly titleId: string;
  readonly kind: Kind;
  readonly title: string;
  readonly author: string | null;
  readonly branch: string;
  readonly checkedOutAt: number;
  readonly dueAt: number;
  readonly renewals: number;
  readonly endedAt: number | null;
  readonly endReason: 'returned' | 'lost' | null;
  /** The hold that the loan fulfilled (H9). */
  readonly holdId: string | null;
  readonly feeMinor: number | null;
  readonly currency: string | null;
  readonly conditions: readonly string[];
}

/** The columns of a `DeskLoan`, to be read from `loanTables`. */
export const loanColumns = `
  loan.id, ${itemColumns}, ${readerColumns}, loan.branch, ${epochMs('loan.checked_out_at')} as "checkedOutAt",
  ${epochMs('loan.due_at')} as "dueAt", loan.renewals, ${epochMs('loan.ended_at')} as "endedAt", loan.end_reason as "endReason",
  loan.hold_id as "holdId", charge.amount::float8 as "feeMinor", charge.currency, ${conditions}`;

export const loanTables = `
  loan join item on item.id = loan.item_id join title on title.id = loan.title_id join patron on patron.id = loan.patron_id
  left join charge on charge.cause = 'overdue' and charge.subject_id = loan.id`;

const loan: Statement = {
  name: 'desk-loan',
  text: `select ${loanColumns} from ${loanTables} where loan.library = $1 and loan.id = $2`,
};

/** A loan of the library. */
export async function deskLoan(orm: MikroORM, library: string, id: string): Promise<DeskLoan | undefined> {
  return (await rowsOf<DeskLoan>(orm, loan, [library, id]))[0];
}
