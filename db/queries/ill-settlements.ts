import type { MikroORM } from '@mikro-orm/postgresql';
import type { StatedLine, SettlementState } from '../../domain/ill-settlement.ts';
import type { IllTerms } from '../../domain/policy-ill-prices.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** Our side of a settlement with another library (I17). Instants are epoch milliseconds, days `YYYY-MM-DD`, amounts minor units as text: above zero they owe us. */
export interface SettlementRow {
  readonly id: string;
  readonly library: string;
  readonly number: string;
  readonly peer: string;
  readonly currency: string;
  readonly fromOn: string;
  readonly toOn: string;
  readonly state: SettlementState;
  readonly total: string;
  readonly drawnAt: number;
  readonly sentAt: number | null;
  readonly ourConfirmedAt: number | null;
  readonly theirConfirmedAt: number | null;
  readonly settledAt: number | null;
  readonly settledBy: 'bank' | 'finance' | 'netting' | 'nothing' | null;
  readonly nettingId: string | null;
  /** Lines, of them those without money, and those that are disputed. */
  readonly lines: number;
  readonly free: number;
  readonly disputed: number;
}

const columns = `settlement.id, settlement.library, number, peer, currency, to_char(from_on, 'YYYY-MM-DD') as "fromOn", to_char(to_on, 'YYYY-MM-DD') as "toOn", state, total::text as total,
    ${epochMs('drawn_at')} as "drawnAt", ${epochMs('sent_at')} as "sentAt", ${epochMs('our_confirmed_at')} as "ourConfirmedAt",
    ${epochMs('their_confirmed_at')} as "theirConfirmedAt", ${epochMs('settled_at')} as "settledAt", settled_by as "settledBy", netting_id as "nettingId",
    counted.lines, counted.free, counted.disputed`;

const select = `
  select ${columns} from ill_settlement settlement, lateral (
    select count(*)::int as lines, count(*) filter (where amount = 0)::int as free, count(*) filter (where state = 'disputed')::int as disputed
    from ill_settlement_line where settlement_id = settlement.id and state <> 'left-out') counted
  where settlement.library = $1`;

const page: Statement = {
  name: 'ill-settlements',
  text: `${select} and ($2::text is null or state = $2) and ($3::text is null or peer = $3)
    and ($4::timestamptz is null or (drawn_at, settlement.id) < ($4, $5::uuid)) order by drawn_at desc, settlement.id desc limit $6`,
};

const one: Statement = { name: 'ill-settlement', text: `${select} and settlement.id = $2` };

export interface SettlementPage {
  readonly library: string;
  readonly state?: string | undefined;
  readonly peer?: string | undefined;
  readonly limit: number;
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
}

/** Settlements, the latest first; one more than asked for tells that there is a next page. */
export function settlementsOf(
  orm: MikroORM,
  { library, state, peer, limit, after }: SettlementPage,
): Promise<SettlementRow[]> {
  return rowsOf(orm, page, [library, state, peer, after?.at, after?.id, limit + 1]);
}

export async function settlementById(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<SettlementRow | undefined> {
  return (await rowsOf<SettlementRow>(orm, one, [library, id]))[0];
}

/** A line: what was shipped, and what of it is said. */
export interface SettlementLineRow {
  readonly id: string;
  readonly state: 'counted' | 'disputed' | 'left-out';
  readonly disputedBy: 'us' | 'them' | null;
  readonly remark: string | null;
  readonly amount: string;
  readonly side: StatedLine['side'];
  readonly kind: 'shipped' | 'lost' | 'taken-back' | 'corrected';
  readonly reference: string;
  readonly number: string;
  readonly service: 'copy' | 'loan';
  readonly terms: IllTerms;
  readonly at: number;
}

const lines: Statement = {
  name: 'ill-settlement-lines',
  text: `select line.id, line.state, disputed_by as "disputedBy", remark.text as remark, line.amount::text as amount, side, kind, reference, number, service, terms,
      ${epochMs('transaction.at')} as at
    from ill_settlement_line line join ill_transaction transaction on transaction.id = transaction_id left join remark on remark.id = line.remark_id
    where settlement_id = $1 order by transaction.at, transaction.id`,
};

/** The settlement is the caller's own. */
export const linesOfSettlement = (orm: MikroORM, id: string): Promise<SettlementLineRow[]> =>
  rowsOf(orm, lines, [id]);

const theirs: Statement = {
  name: 'ill-settlement-theirs',
  text: `select side, reference, amount::text as amount from ill_settlement_theirs where settlement_id = $1 order by position`,
};

const stated: Statement = {
  name: 'ill-settlement-stated',
  text: `select side, reference, line.amount::text as amount from ill_settlement settlement
    join ill_settlement_line line on line.settlement_id = settlement.id and line.state <> 'left-out' join ill_transaction on ill_transaction.id = transaction_id
    where settlement.library = $1 and settlement.peer = $2 and settlement.currency = $3 and settlement.to_on = $4 and settlement.state <> 'withdrawn'`,
};

type StatedRow = Omit<StatedLine, 'amount'> & { readonly amount: string };

const read = (rows: readonly StatedRow[]): StatedLine[] =>
  rows.map(({ side, reference, amount }) => ({ side, reference, amount: BigInt(amount) }));

/** What the other library has stated, as it was handed in. */
export async function handedIn(orm: MikroORM, id: string): Promise<StatedLine[]> {
  return read(await rowsOf<StatedRow>(orm, theirs, [id]));
}

/** What a library of this installation states of its own. */
export async function statedBy(
  orm: MikroORM,
  { library, peer, currency, toOn }: Pick<SettlementRow, 'library' | 'peer' | 'currency' | 'toOn'>,
): Promise<StatedLine[]> {
  return read(await rowsOf<StatedRow>(orm, stated, [library, peer, currency, toOn]));
}

/** What is between a library and another (I15): the account's balance, and what was counted without money. */
export interface PeerBalanceRow {
  readonly peer: string;
  readonly currency: string;
  /** Above zero they owe us. */
  readonly balance: string;
  /** Of it in settlements that are not paid yet. */
  readonly inSettlement: string;
  readonly supplied: number;
  readonly obtained: number;
  readonly free: number;
}

const balances: Statement = {
  name: 'ill-peer-balances',
  text: `
    with moved as (
      select substr(account, 6) as peer, posting.currency, sum(amount) as balance from posting join journal on journal.id = journal_id
      where journal.library = $1 and account like 'peer:%' group by 1, 2),
    counted as (
      select peer, currency, count(*) filter (where side = 'supplier' and kind = 'shipped')::int as supplied,
        count(*) filter (where side = 'requester' and kind = 'shipped')::int as obtained, count(*) filter (where terms <> 'account' and kind = 'shipped')::int as free
      from ill_transaction where library = $1 group by 1, 2),
    open as (
      select peer, currency, sum(total) as total from ill_settlement where library = $1 and ended_at is null group by 1, 2)
    select peer, currency, coalesce(balance, 0)::text as balance, coalesce(total, 0)::text as "inSettlement", coalesce(supplied, 0) as supplied,
      coalesce(obtained, 0) as obtained, coalesce(free, 0) as free
    from counted left join moved using (peer, currency) left join open using (peer, currency) order by peer, currency`,
};

export const peerBalances = (orm: MikroORM, library: string): Promise<PeerBalanceRow[]> =>
  rowsOf(orm, balances, [library]);

/** What a netting has left a library to get (above zero) or to pay. */
export interface PositionRow {
  readonly nettingId: string;
  readonly currency: string;
  readonly amount: string;
  readonly nettedAt: number;
  readonly settledAt: number | null;
  readonly settledBy: 'bank' | 'finance' | 'nothing' | null;
  /** Of all libraries, so that each sees that they come to nothing. */
  readonly positions: readonly { readonly library: string; readonly amount: string }[];
}

const positions: Statement = {
  name: 'ill-netting-positions',
  text: `select netting.id as "nettingId", currency, own.amount::text as amount, ${epochMs('netted_at')} as "nettedAt", ${epochMs('own.settled_at')} as "settledAt",
      own.settled_by as "settledBy", (select json_agg(json_build_object('library', library, 'amount', amount::text) order by library)
        from ill_netting_position where netting_id = netting.id) as positions
    from ill_netting netting join ill_netting_position own on own.netting_id = netting.id and own.library = $1
    order by netted_at desc, netting.id desc limit 100`,
};

/** The latest hundred. */
export const positionsOf = (orm: MikroORM, library: string): Promise<PositionRow[]> =>
  rowsOf(orm, positions, [library]);
