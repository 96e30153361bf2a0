import type { MikroORM } from '@mikro-orm/postgresql';
import type { DocumentContent, DocumentKind, InvoiceParty } from '../../domain/documents.ts';
import type { Language } from '../../domain/languages.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import type { TimePage } from './holds.ts';

/** A numbered document. Amounts are minor units, instants epoch milliseconds. */
export interface DocumentRow {
  readonly id: string;
  readonly library: string;
  readonly kind: DocumentKind;
  readonly year: number;
  readonly number: number;
  readonly patronId: string;
  /** Null for what is no payment: balance paid out, a deposit. */
  readonly paymentId: string | null;
  readonly language: Language;
  readonly currency: string;
  readonly amountMinor: number;
  readonly content: DocumentContent;
  readonly issuedAt: number;
  /** A cancellation takes its effect. */
  readonly cancelled: boolean;
  /** To whom an invoice is made out; empty when a person was erased. */
  readonly party: InvoiceParty | null;
  readonly title: string | null;
  readonly taxId: string | null;
}

export interface DocumentPage {
  readonly library: string;
  readonly year: number;
  readonly kind?: DocumentKind | undefined;
  readonly limit: number;
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
}

const columns = `document.id, document.library, document.kind, document.year, document.number, document.patron_id as "patronId",
  document.payment_id as "paymentId", document.language, document.currency, document.amount::float8 as "amountMinor", document.content,
  ${epochMs('document.issued_at')} as "issuedAt", exists (select from money_document later where later.cancels = document.id) as cancelled,
  request.party, request.title, request.tax_id as "taxId"`;

const tables =
  'money_document document left join invoice_request request on request.id = document.request_id';

const one: Statement = {
  name: 'document',
  text: `select ${columns} from ${tables} where document.id = $1`,
};

const ofPatron: Statement = {
  name: 'documents-of-patron',
  text: `select ${columns} from ${tables} where document.patron_id = $1 and ($2::uuid is null or document.payment_id = $2)
      and ($3::timestamptz is null or (document.issued_at, document.id) < ($3, $4::uuid))
    order by document.issued_at desc, document.id desc limit $5`,
};

const ofYear: Statement = {
  name: 'documents-of-year',
  text: `select ${columns} from ${tables} where document.library = $1 and document.year = $2 and ($3::text is null or document.kind = $3)
      and ($4::timestamptz is null or (document.issued_at, document.id) > ($4, $5::uuid))
    order by document.issued_at, document.id limit $6`,
};

/** One document, of whichever library and reader. */
export async function documentById(orm: MikroORM, id: string): Promise<DocumentRow | undefined> {
  return (await rowsOf<DocumentRow>(orm, one, [id]))[0];
}

/** A reader's documents, or those of one of their payments, the latest first; one more than asked for tells that there is a next page. */
export function documentsOf(
  orm: MikroORM,
  { patronId, payment, before, limit }: TimePage & { readonly payment?: string | undefined },
): Promise<DocumentRow[]> {
  return rowsOf(orm, ofPatron, [patronId, payment, before?.at, before?.id, limit + 1]);
}

/** A library's documents of a year in the order in which they were issued; one more than asked for tells that there is a next page. */
export function documentsOfYear(orm: MikroORM, page: DocumentPage): Promise<DocumentRow[]> {
  const { library, year, kind, after, limit } = page;
  return rowsOf(orm, ofYear, [library, year, kind, after?.at, after?.id, limit + 1]);
}
