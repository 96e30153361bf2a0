import { Temporal } from 'temporal-polyfill';
import { chineseCapitals } from '../domain/chinese-capitals.ts';
import { civilDay } from '../domain/calendar.ts';
import { ownName } from '../domain/charges.ts';
import {
  type DocumentContent,
  type DocumentKind,
  type DocumentLine,
  documentNumber,
  type InvoiceParty,
} from '../domain/documents.ts';
import type { Language } from '../domain/languages.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { cleanLine } from '../notices/clean.ts';
import { formatMoney, longDay } from '../notices/formats.ts';
import type { Texts } from '../notices/texts.ts';
import { facesFor } from './faces.ts';
import { createFlow, type Flow } from './flow.ts';
import { createSheet } from './sheet.ts';

/** A document's row, numbered; amounts are minor units. */
export interface PrintedDocument {
  readonly kind: DocumentKind;
  readonly year: number;
  readonly number: number;
  /** Null for what is no payment. */
  readonly paymentId: string | null;
  readonly language: Language;
  readonly currency: string;
  readonly amountMinor: number;
  readonly content: DocumentContent;
  readonly issuedAt: Date;
  /** To whom an invoice is made out. */
  readonly addressee?: Addressee | undefined;
}

interface Addressee {
  readonly party: InvoiceParty;
  /** Empty when a person was erased. */
  readonly title: string;
  readonly taxId: string | undefined;
}

/** What a document says of the library that issues it; a `LibraryPolicy` has it all. */
export type Issuer = Pick<
  LibraryPolicy,
  'name' | 'language' | 'timeZone' | 'phone' | 'website' | 'branches' | 'money'
>;

interface Printing {
  readonly flow: Flow;
  readonly issuer: Issuer;
  readonly document: PrintedDocument;
  readonly number: string;
  readonly say: (key: string, data?: object) => string;
  readonly money: (amountMinor: number) => string;
}

/**
 * Writes a document about money as PDF, in the language in which it was issued. The same row and policy make the same bytes. Throws
 * when the locales lack a text.
 */
export function printDocument(texts: Texts, issuer: Issuer, document: PrintedDocument): Promise<Buffer> {
  const { language, currency } = document;
  const number = documentNumber(document);
  const say = (key: string, data: object = {}) =>
    texts.t(language, key, { timeZone: issuer.timeZone, ...data });
  const name = issuerName(issuer, language);
  const sheet = createSheet(facesFor(language, issuer.language), {
    title: `${say(`document.${document.kind}`)} ${number}`,
    author: name,
    language,
    createdAt: document.issuedAt,
  });
  const money = (amountMinor: number) => formatMoney(language, { amountMinor, currency });
  const flow = createFlow(sheet, (page, pages) => `${number} · ${say('document.page', { page, pages })}`);
  const printing: Printing = { flow, issuer, document, number, say, money };
  writeHead(printing, name);
  writeFacts(printing);
  writeLines(printing);
  writeNotes(printing);
  return flow.finish();
}

function issuerName({ name, money }: Issuer, language: Language): string {
  return (money.documents.issuer.name ?? name)[language];
}

function writeHead({ flow, issuer, document, say }: Printing, name: string): void {
  const { issuer: stated, invoices } = issuer.money.documents;
  flow.text(name, { size: 13, weight: 'bold' });
  const address = stated.address ?? [issuer.branches[0]?.address ?? ''];
  const taxId = invoices === 'none' ? undefined : invoices.taxId;
  const lines = [...address, issuer.phone, issuer.website];
  if (document.kind === 'invoice' && taxId !== undefined) lines.push(`${say('document.tax-id')}: ${taxId}`);
  for (const line of lines) flow.text(line, { size: 9 });
  flow.space(26);
  flow.text(say(`document.${document.kind}`), { size: 22, weight: 'bold' });
  flow.space(8);
  if (document.kind === 'slip') flow.framed(say('document.slip-note'), { size: 11, weight: 'bold' });
  if (document.kind === 'cancellation') flow.text(say('document.cancellation-note'), { size: 10 });
  if (document.kind === 'deposit') flow.text(say('document.deposit-note'), { size: 10 });
  flow.space(8);
}

function writeFacts({ flow, issuer, document, number, say }: Printing): void {
  const { content, addressee, paymentId, issuedAt } = document;
  const day = civilDay(issuer, Temporal.Instant.fromEpochMilliseconds(issuedAt.getTime())).toString();
  const to = addressee && (cleanLine(addressee.title, 200) || '—');
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['number', number],
    ['date', longDay(document.language, day)],
    ['cancels', content.cancels],
    ['to', addressee?.party === 'person' ? `${to} (${say('document.to-person')})` : to],
    ['tax-id', addressee?.taxId],
    [isHandedOut(document) ? 'given-by' : 'means', say(`money.payment.${content.means}`)],
    ['payment', paymentId ?? undefined],
    ['reference', content.reference],
  ];
  for (const [label, value] of facts)
    if (value !== undefined && value !== '') flow.fact(say(`document.${label}`), value);
  flow.space(16);
}

const isHandedOut = ({ kind }: PrintedDocument): boolean => kind === 'payout' || kind === 'deposit-return';

function lineText({ say, document, issuer }: Printing, { cause, raisedOn }: DocumentLine): string {
  if (cause === 'credit') return say(document.kind === 'payout' ? 'document.from-credit' : 'document.credit');
  if (cause === 'deposit') return say('document.deposit-line');
  const what = ownName(issuer, cause, document.language) ?? say(`money.cause.${cause}`);
  return raisedOn === undefined
    ? what
    : say('document.raised', { what, on: longDay(document.language, raisedOn) });
}

function writeLines(printing: Printing): void {
  const { flow, document, say, money } = printing;
  const sign = document.kind === 'cancellation' ? -1 : 1;
  flow.tableHead(say('document.item'), say('document.amount'));
  for (const line of document.content.lines)
    flow.row(lineText(printing, line), money(sign * line.amountMinor), { size: 10 });
  flow.total(say('document.total'), money(sign * document.amountMinor));
  if (document.language === 'zh' && document.currency === 'CNY')
    flow.text(`大写：${sign < 0 ? '（负）' : ''}${chineseCapitals(BigInt(document.amountMinor))}`, {
      size: 10,
    });
  flow.space(20);
}

function writeNotes({ flow, issuer, document, say }: Printing): void {
  const { invoices } = issuer.money.documents;
  const note = invoices === 'none' ? undefined : invoices.note?.[document.language];
  const notes =
    document.kind === 'invoice'
      ? [...(note === undefined ? [] : [note]), say('document.invoice-note'), say('document.generated')]
      : [say('document.generated')];
  for (const each of notes) flow.text(each, { size: 9 });
}
