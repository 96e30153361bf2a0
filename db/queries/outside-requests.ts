import type { MikroORM } from '@mikro-orm/postgresql';
import type { IllDelivery, IllForm, IllService } from '../../domain/ill.ts';
import type { Status } from '../../domain/ill-status.ts';
import { endedStatuses, outStatuses, type SupplyWait } from '../../domain/supply.ts';
import type { Advice } from '../../domain/supply-advice.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** Another library's request as staff see it. Instants are epoch milliseconds, amounts minor units of `currency`. */
export interface OutsideRequestRow {
  readonly id: string;
  readonly number: string;
  readonly peer: string;
  readonly theirRef: string;
  readonly service: IllService;
  readonly literature: string;
  readonly title: string;
  readonly content: IllForm;
  readonly deliveryKind: IllDelivery;
  readonly note: string | null;
  readonly status: Status;
  readonly reason: string | null;
  readonly waitsFor: SupplyWait | null;
  readonly advice: Advice | null;
  readonly forwards: boolean;
  readonly forwardedAs: string | null;
  readonly limitMinor: number | null;
  readonly costMinor: number | null;
  readonly currency: string | null;
  readonly itemId: string | null;
  readonly barcode: string | null;
  readonly itemNote: string | null;
  readonly loanCondition: string | null;
  readonly renewals: number;
  readonly receivedAt: number;
  readonly answerBy: number | null;
  readonly neededBy: number | null;
  readonly remindedAt: number | null;
  readonly shippedAt: number | null;
  readonly dueAt: number | null;
  readonly arrivedAt: number | null;
  readonly sentBackAt: number | null;
  readonly returnedAt: number | null;
  readonly endedAt: number | null;
}

export interface OutsideRequestDetail extends OutsideRequestRow {
  readonly library: string;
  readonly previousRef: string | null;
  /** Where to, for whom, who pays: empty once it was erased. */
  readonly delivery: Readonly<Record<string, unknown>>;
}

const columns = `supply.id, supply.number, supply.peer, their_ref as "theirRef", supply.service, supply.literature, supply.title, content,
  delivery_kind as "deliveryKind", supply.note, status, supply.reason, waits_for as "waitsFor", advice, forwards,
  (select request.id from ill_request request where request.on_behalf_of = supply.id order by request.submitted_at desc limit 1) as "forwardedAs",
  limit_minor::float8 as "limitMinor", supply.cost_minor::float8 as "costMinor", supply.currency, supply.item_id as "itemId", item.barcode,
  item_note as "itemNote", loan_condition as "loanCondition", renewals, ${epochMs('received_at')} as "receivedAt", ${epochMs('answer_by')} as "answerBy",
  ${epochMs('needed_by')} as "neededBy", ${epochMs('reminded_at')} as "remindedAt", ${epochMs('shipped_at')} as "shippedAt", ${epochMs('due_at')} as "dueAt",
  ${epochMs('arrived_at')} as "arrivedAt", ${epochMs('sent_back_at')} as "sentBackAt", ${epochMs('returned_at')} as "returnedAt",
  ${epochMs('ended_at')} as "endedAt"`;

const tables = 'supply_request supply left join item on item.id = supply.item_id';

/** `pending`: staff have something to do (待处理); `open`: not ended; `out`: with the requester. */
export const outsideRequestGroups = ['pending', 'open', 'out', 'ended', 'all'] as const;

export type OutsideRequestGroup = (typeof outsideRequestGroups)[number];

const list = (statuses: readonly string[]): string => statuses.map((each) => `'${each}'`).join(', ');

const groups: Readonly<Record<OutsideRequestGroup, string>> = {
  pending: `waits_for in ('answer', 'ship', 'cancel', 'renew', 'return') and not forwards`,
  open: 'supply.ended_at is null',
  out: `status in (${list(outStatuses)})`,
  ended: `status in (${list(endedStatuses)})`,
  all: 'true',
};

export interface OutsideRequestSearch {
  readonly library: string;
  readonly group: OutsideRequestGroup;
  readonly status?: Status | undefined;
  readonly requester?: string | undefined;
  readonly service?: IllService | undefined;
  /** Only those whose answer or return is late; and only those that carry a mark. */
  readonly late?: boolean | undefined;
  readonly marked?: boolean | undefined;
  /** Our number or theirs. */
  readonly number?: string | undefined;
  readonly now: Date;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

const isLate = `(waits_for = 'answer' and answer_by < $7 or status in (${list(outStatuses)}) and due_at < $7 and sent_back_at is null)`;

const lists = Object.fromEntries(
  outsideRequestGroups.map((group) => [
    group,
    {
      name: `outside-requests-${group}`,
      text: `select ${columns} from ${tables} where supply.library = $1 and ${groups[group]}
        and ($2::text is null or status = $2) and ($3::text is null or supply.peer = $3) and ($4::text is null or supply.service = $4)
        and ($5::boolean is null or $5 = ${isLate}) and ($6::boolean is null or $6 = (supply.note is not null))
        and ($8::text is null or supply.number = $8 or their_ref = $8)
        and ($9::timestamptz is null or (received_at, supply.id) < ($9, $10::uuid)) order by received_at desc, supply.id desc limit $11`,
    },
  ]),
) as Record<OutsideRequestGroup, Statement>;

/** A library's outside requests, the latest first; one more than asked for tells that there is a next page. */
export function outsideRequests(orm: MikroORM, search: OutsideRequestSearch): Promise<OutsideRequestRow[]> {
  const { library, group, status, requester, service, late, marked, now, number, before, limit } = search;
  const filters = [status, requester, service, late, marked, now, number];
  return rowsOf(orm, lists[group], [library, ...filters, before?.at, before?.id, limit + 1]);
}

const one: Statement = {
  name: 'outside-request',
  text: `select ${columns}, supply.library, previous_ref as "previousRef", delivery from ${tables} where supply.id = $1 and supply.library = $2`,
};

/** An outside request of the library. */
export async function outsideRequest(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<OutsideRequestDetail | undefined> {
  return (await rowsOf<OutsideRequestDetail>(orm, one, [id, library]))[0];
}

/** A message with the requester, as staff read it. */
export interface ExchangedRow {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly says: string;
  readonly state: string;
  readonly note: string | null;
  readonly error: string | null;
  readonly saidAt: number;
  readonly settledAt: number | null;
}

const exchanged: Statement = {
  name: 'outside-request-messages',
  text: `select id, direction, says, state, coalesce(body -> 'messageInfo' ->> 'note', body -> 'serviceInfo' ->> 'note', body ->> 'note') as note, error,
    ${epochMs('said_at')} as "saidAt", ${epochMs('settled_at')} as "settledAt" from ill_message where about_id = $1 order by seq`,
};

/** Everything that was said about it, in order. */
export function exchangedAbout(orm: MikroORM, id: string): Promise<ExchangedRow[]> {
  return rowsOf(orm, exchanged, [id]);
}
