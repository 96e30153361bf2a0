import type { MikroORM } from '@mikro-orm/postgresql';
import type {
  IllDelivery,
  IllForm,
  IllMode,
  IllService,
  IllState,
  LiteratureType,
} from '../../domain/ill.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A request as lists show it. Amounts are minor units, instants epoch milliseconds. */
export interface RequestRow {
  readonly id: string;
  readonly library: string;
  readonly patronId: string | null;
  readonly number: string;
  readonly mode: IllMode;
  readonly service: IllService;
  readonly literature: LiteratureType;
  readonly delivery: IllDelivery;
  readonly place: string | null;
  readonly state: IllState;
  readonly reason: string | null;
  readonly asks: 'reader' | 'staff' | null;
  /** Until when what is asked can be answered. */
  readonly askUntil: number | null;
  /** The supplier it is with now, or was last. */
  readonly attemptId: string | null;
  readonly price: number | null;
  readonly cost: number | null;
  readonly currency: string | null;
  readonly dueAt: number | null;
  readonly lateAt: number | null;
  readonly submittedAt: number;
  readonly shippedAt: number | null;
  readonly receivedAt: number | null;
  /** Sent straight to the reader: that counts as received (I9). */
  readonly direct: boolean;
  readonly endedAt: number | null;
  readonly cancelWanted: boolean;
  readonly renewalWanted: boolean;
  /** The file that counts is there. */
  readonly document: boolean;
  /** How often it was fetched since its link was issued, and until when it can be. */
  readonly downloads: number;
  readonly documentUntil: number | null;
  readonly work: IllForm;
  readonly address: string | null;
  readonly limit: number | null;
  readonly beneficiary: string | null;
  readonly beneficiaryEmail: string | null;
  readonly copyright: string | null;
  readonly overridden: readonly string[];
}

/** The columns of a `RequestRow`, of `requestTables`. */
export const requestColumns = `request.id, request.library, request.patron_id as "patronId", request.number, request.mode, request.service, request.literature,
  request.delivery, request.place, request.state, request.reason, request.asks, ${epochMs('request.ask_until')} as "askUntil", request.attempt_id as "attemptId", request.price_minor::float8 as price, request.cost_minor::float8 as cost,
  request.currency, ${epochMs('request.due_at')} as "dueAt", ${epochMs('request.late_at')} as "lateAt", ${epochMs('request.submitted_at')} as "submittedAt",
  ${epochMs('request.shipped_at')} as "shippedAt", ${epochMs('request.received_at')} as "receivedAt", ${epochMs('request.ended_at')} as "endedAt",
  request.direct, request.cancel_wanted_at is not null as "cancelWanted", request.renewal_wanted_at is not null as "renewalWanted",
  exists (select from ill_document document where document.id = request.document_id and document.content is not null and document.withdrawn_at is null) as document,
  coalesce((select downloads from ill_document document where document.id = request.document_id), 0) as downloads,
  (select ${epochMs('document.expires_at')} from ill_document document where document.id = request.document_id) as "documentUntil",
  form.content as work, form.address, form."limit"::float8 as "limit", form.beneficiary, form.beneficiary_email as "beneficiaryEmail", form.copyright, form.overridden`;

export const requestTables = 'ill_request request join ill_form form on form.id = request.form_id';

const one: Statement = {
  name: 'request-of-readers',
  text: `select ${requestColumns} from ${requestTables} where request.id = $1 and request.patron_id = any($2::uuid[])`,
};

/** A request of a reader, at whichever of their linked accounts (I2). */
export async function readersRequest(
  orm: MikroORM,
  patronIds: readonly string[],
  requestId: string,
): Promise<RequestRow | undefined> {
  return (await rowsOf<RequestRow>(orm, one, [requestId, patronIds]))[0];
}

/** What "my requests" looks for (I11); what is undefined does not matter. */
export interface RequestSearch {
  readonly patronIds: readonly string[];
  readonly library?: string | undefined;
  readonly service?: IllService | undefined;
  readonly literature?: LiteratureType | undefined;
  readonly states?: readonly IllState[] | undefined;
  /** The transaction number or its beginning. */
  readonly number?: string | undefined;
  /** Normalised words, all of which are found. */
  readonly terms?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

const filter = `request.patron_id = any($1::uuid[]) and ($2::text is null or request.library = $2) and ($3::text is null or request.service = $3)
  and ($4::text is null or request.literature = $4) and ($5::text[] is null or request.state = any($5)) and ($6::text is null or starts_with(request.number, $6))
  and ($7::text[] is null or not exists (select from unnest($7::text[]) term where strpos(form.search_text, term) = 0))
  and ($8::timestamptz is null or request.submitted_at >= $8) and ($9::timestamptz is null or request.submitted_at < $9)`;

const before = '($10::timestamptz is null or (request.submitted_at, request.id) < ($10, $11::uuid))';

const list: Statement = {
  name: 'requests-of-readers',
  text: `select ${requestColumns} from ${requestTables} where ${filter} and ${before}
    order by request.submitted_at desc, request.id desc limit $12`,
};

const count: Statement = {
  name: 'requests-of-readers-count',
  text: `select count(*)::int as total, count(*) filter (where ${before})::int as rest from ${requestTables} where ${filter}`,
};

/** Rows of a page – one more tells that there is a next one –, how many there are in all, and the number of the first. */
export interface RequestsFound {
  readonly rows: readonly RequestRow[];
  readonly total: number;
  readonly firstNo: number;
}

/** The requests of a reader at all linked accounts, the latest first. */
export async function requestsOfReader(orm: MikroORM, search: RequestSearch): Promise<RequestsFound> {
  const { patronIds, library, service, literature, states, number, terms, from, to } = search;
  const filters = [patronIds, library, service, literature, states, number, terms, from, to];
  const position = [search.before?.at, search.before?.id];
  const [rows, [counted]] = await Promise.all([
    rowsOf<RequestRow>(orm, list, [...filters, ...position, search.limit + 1]),
    rowsOf<{ total: number; rest: number }>(orm, count, [...filters, ...position]),
  ]);
  const { total = 0, rest = 0 } = counted ?? {};
  return { rows, total, firstNo: total - rest + 1 };
}
