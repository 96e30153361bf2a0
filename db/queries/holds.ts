import type { MikroORM } from '@mikro-orm/postgresql';
import type { HoldState } from '../../domain/hold-states.ts';
import type { ContactMethod, Kind } from '../../domain/kinds.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { queuePosition } from './queue.ts';

/** A hold as its reader sees it. Instants are epoch milliseconds; `issuedOn` is `YYYY-MM-DD`. */
export interface HoldRow {
  readonly id: string;
  readonly state: HoldState;
  readonly titleId: string;
  readonly kind: Kind;
  readonly title: string;
  readonly author: string | null;
  /** Null while a hold on any copy waits. */
  readonly itemId: string | null;
  readonly barcode: string | null;
  readonly shelfMark: string | null;
  readonly issue: string | null;
  readonly issuedOn: string | null;
  /** Of a waiting hold only. */
  readonly position: number | null;
  readonly pickupPlace: string;
  readonly contact: ContactMethod;
  readonly placedAt: number;
  readonly securedAt: number | null;
  readonly contactedAt: number | null;
  readonly keepUntil: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
}

/** A page of what ended, going back in time: what ended before `before`. */
export interface TimePage {
  readonly patronId: string;
  readonly limit: number;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
}

/** The columns of a `HoldRow`, to be read from `holdTables`. */
export const holdColumns = `
  hold.id, hold.state, hold.title_id as "titleId", hold.kind, title.title, title.author,
  item.id as "itemId", item.barcode, item.shelf_mark as "shelfMark", item.issue, to_char(item.issued_on, 'YYYY-MM-DD') as "issuedOn",
  case when hold.state = 'waiting' then ${queuePosition} end as position,
  hold.pickup_place as "pickupPlace", hold.contact, ${epochMs('hold.placed_at')} as "placedAt", ${epochMs('hold.secured_at')} as "securedAt",
  ${epochMs('hold.contacted_at')} as "contactedAt", ${epochMs('hold.keep_until')} as "keepUntil",
  ${epochMs('hold.ended_at')} as "endedAt", hold.end_reason as "endReason"`;

export const holdTables = `
  hold
  join title on title.id = hold.title_id
  left join item on item.id = coalesce(hold.item_id, hold.requested_item_id)`;

const select = `select ${holdColumns} from ${holdTables}`;

const open: Statement = {
  name: 'holds-open',
  text: `${select}
    where hold.patron_id = $1 and hold.state in ('waiting', 'in-transit', 'secured')
    order by hold.placed_at, hold.queue_no`,
};

const some: Statement = {
  name: 'holds-some',
  text: `${select} where hold.patron_id = $1 and hold.id = any($2::uuid[])`,
};

const ended: Statement = {
  name: 'holds-ended',
  text: `${select}
    where hold.patron_id = $1 and hold.ended_at is not null
      and ($2::timestamptz is null or (hold.ended_at, hold.id) < ($2, $3::uuid))
    order by hold.ended_at desc, hold.id desc limit $4`,
};

/** A reader's open holds in the order they were placed (H8). */
export function openHolds(orm: MikroORM, patronId: string): Promise<HoldRow[]> {
  return rowsOf(orm, open, [patronId]);
}

/** Those of the holds that are the reader's, by id, open or ended. */
export async function holdsById(
  orm: MikroORM,
  patronId: string,
  ids: readonly string[],
): Promise<Map<string, HoldRow>> {
  const rows = await rowsOf<HoldRow>(orm, some, [patronId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A reader's ended holds, the latest first; one more than asked for tells that there is a next page. */
export function endedHolds(orm: MikroORM, { patronId, before, limit }: TimePage): Promise<HoldRow[]> {
  return rowsOf(orm, ended, [patronId, before?.at, before?.id, limit + 1]);
}
