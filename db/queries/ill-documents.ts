import type { MikroORM } from '@mikro-orm/postgresql';
import { IllDocument } from '../entities/index.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { inTransaction, reader } from '../transaction.ts';

/** A file as it is given out. */
export interface DocumentFile {
  readonly id: string;
  readonly mediaType: string;
  readonly content: Buffer;
  /** Transaction number: the file is called by it. */
  readonly number: string;
}

/** Where a document stands, for whoever wants it and cannot have it. Instants are epoch milliseconds. */
export interface DocumentStand {
  readonly id: string;
  readonly library: string;
  readonly issue: number;
  readonly downloads: number;
  readonly released: boolean;
  readonly expired: boolean;
  readonly withdrawn: boolean;
  readonly deleted: boolean;
}

const stand = `document.id, document.library, document.issue, document.downloads, document.released_at is not null as released,
  coalesce(document.expires_at <= $2, false) as expired, document.withdrawn_at is not null as withdrawn, document.content is null as deleted`;

const ofRequest: Statement = {
  name: 'document-of-request',
  text: `select ${stand} from ill_document document join ill_request request on request.document_id = document.id
    where request.id = $1 and $2::timestamptz is not null`,
};

const byId: Statement = {
  name: 'document-stand',
  text: `select ${stand} from ill_document document where document.id = $1 and $2::timestamptz is not null`,
};

/** The document that counts of a request. */
export async function documentOfRequest(
  orm: MikroORM,
  requestId: string,
  now: Date,
): Promise<DocumentStand | undefined> {
  return (await rowsOf<DocumentStand>(orm, ofRequest, [requestId, now]))[0];
}

export async function documentStand(
  orm: MikroORM,
  id: string,
  now: Date,
): Promise<DocumentStand | undefined> {
  return (await rowsOf<DocumentStand>(orm, byId, [id, now]))[0];
}

const numbered = `coalesce((select number from ill_request where id = ill_document.about_id), (select number from supply_request where id = ill_document.about_id)) as number`;

/**
 * Counts a download and gives the file, in one statement: of two at once that want the last one, one gets it. Undefined where it cannot be had: not released, run out, used up, withdrawn, or another
 * issue than the link's.
 */
export async function takeDownload(
  orm: MikroORM,
  { id, limit, issue, now }: { id: string; limit: number; issue?: number | undefined; now: Date },
): Promise<DocumentFile | undefined> {
  const [row] = await inTransaction(orm, (tx) =>
    tx.execute<(Omit<DocumentFile, 'mediaType'> & { media_type: string })[]>(
      `update ill_document set downloads = downloads + 1, last_download_at = ?
       where id = ? and downloads < ? and content is not null and withdrawn_at is null and released_at is not null and expires_at > ? and issue = coalesce(?::int, issue)
       returning id, media_type, content, ${numbered}`,
      [now, id, limit, now, issue ?? null],
    ),
  );
  return row && { id: row.id, mediaType: row.media_type, content: row.content, number: row.number };
}

/** A file for staff, who look whether it is the right one: it counts as no download. */
export async function staffsDocument(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<DocumentFile | undefined> {
  const [row] = await reader(orm).execute<(Omit<DocumentFile, 'mediaType'> & { media_type: string })[]>(
    `select id, media_type, content, ${numbered} from ill_document where id = ? and library = ? and content is not null`,
    [id, library],
  );
  return row && { id: row.id, mediaType: row.media_type, content: row.content, number: row.number };
}

/** An address under which a supplier offers a document, for staff. Instants are epoch milliseconds. */
export interface OfferRow {
  readonly id: string;
  readonly url: string;
  readonly state: 'due' | 'fetched' | 'given-up' | 'withdrawn';
  readonly tries: number;
  readonly lastError: string | null;
  readonly offeredAt: number;
}

const offers: Statement = {
  name: 'offers-of-request',
  text: `select id, url, state, tries, last_error as "lastError", ${epochMs('offered_at')} as "offeredAt"
    from ill_offer where request_id = $1 order by offered_at desc, id`,
};

/** Where suppliers have offered a request's document, the latest first. */
export function offersOf(orm: MikroORM, requestId: string): Promise<OfferRow[]> {
  return rowsOf(orm, offers, [requestId]);
}

export type NewDocument = Pick<
  IllDocument,
  'id' | 'library' | 'about' | 'aboutId' | 'name' | 'mediaType' | 'hash' | 'actor' | 'storedAt'
> & { readonly bytes: Buffer; readonly releasedAt?: Date; readonly expiresAt?: Date };

/** Keeps an upload, once for its id. */
export async function storeDocument(orm: MikroORM, { bytes, ...given }: NewDocument): Promise<void> {
  await inTransaction(orm, async (tx) => {
    if (await tx.findOne(IllDocument, { id: given.id })) return;
    tx.create(IllDocument, { ...given, size: bytes.length, content: bytes, downloads: 0, issue: 1 });
  });
}
