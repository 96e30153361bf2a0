import { readAmount, swiftMarks } from './amounts.ts';
import { day, fullYear } from './days.ts';
import { decodeAll } from './decode.ts';
import { createMistakes, type Mistakes, Unreadable } from './mistakes.ts';
import type { Balance, MistakeCode, Parsed, ParsedEntry, ParsedStatement } from './model.ts';
import { type Details, noDetails, readDetails } from './mt940-details.ts';
import { type Field, mt940Messages } from './mt940-fields.ts';
import { readStatementLine, type StatementLine } from './mt940-line.ts';

type Tell = (field: Field, code: MistakeCode, expected?: string) => undefined;

const teller =
  (mistakes: Mistakes): Tell =>
  ({ tag, text, line }, code, expected) => {
    mistakes.add({
      code,
      line,
      path: `:${tag}:`,
      value: text.split('\n')[0] ?? '',
      ...(expected !== undefined && { expected }),
    });
    return undefined;
  };

/** `C261122EUR1234,56` */
function readBalance(field: Field, tell: Tell): Balance | undefined {
  const [, mark, year, month, date, currency = '', digits = ''] =
    /^([CD])(\d{2})(\d{2})(\d{2})([A-Z]{3})(\d{1,15}(?:,\d*)?)\s*$/u.exec(field.text) ?? [];
  if (mark === undefined) return tell(field, 'field-invalid', 'C261122EUR1234,56');
  const on = day(fullYear(Number(year)), Number(month), Number(date));
  if (on === undefined) return tell(field, 'date-invalid');
  const amount = readAmount(digits, currency, swiftMarks);
  if (typeof amount === 'string') return tell(field, amount, currency);
  return { currency, minor: mark === 'D' ? -amount.minor : amount.minor, on, line: field.line };
}

function chargesOf(line: StatementLine, details: Details, currency: string): bigint {
  if (details.ordered === null || details.returned) return 0n;
  const ordered = readAmount(details.ordered.replace(/[A-Z]{3}/u, ''), currency, swiftMarks);
  if (typeof ordered === 'string') return 0n;
  const sent = line.amount < 0n ? -ordered.minor : ordered.minor;
  return sent > line.amount ? sent - line.amount : 0n;
}

function toEntry(field: Field, line: StatementLine, details: Details, currency: string): ParsedEntry {
  const returned = details.returned || line.code?.endsWith('RTI') === true;
  return {
    line: field.line,
    bookedOn: line.bookedOn,
    valueOn: line.valueOn,
    amount: line.amount,
    currency,
    charges: chargesOf(line, details, currency),
    endToEnd: details.endToEnd ?? line.customerRef,
    reference: details.reference,
    remittance: details.remittance || (line.supplement ?? ''),
    payerName: details.payerName,
    payerAccount: details.payerAccount,
    bankRef: line.bankRef,
    code: details.code ?? line.code,
    kind: returned ? 'return' : line.reversal ? 'reversal' : 'booking',
    returnReason: details.returnReason,
    batch: null,
    part: null,
    parts: null,
  };
}

/** Null for what is not booked or moved nothing; undefined, after telling why, for what is wrong. */
function readEntry(
  field: Field,
  next: Field | undefined,
  currency: string,
  tell: Tell,
): ParsedEntry | null | undefined {
  const line = readStatementLine(field.text, currency);
  if (typeof line === 'string') return tell(field, line);
  if (line.expected || line.amount === 0n) return null;
  const details = next?.tag === '86' ? readDetails(next.text) : noDetails;
  return toEntry(field, line, details, currency);
}

function readEntries(message: readonly Field[], currency: string, tell: Tell) {
  const read = message.flatMap((field, at) =>
    field.tag === '61' ? [readEntry(field, message[at + 1], currency, tell)] : [],
  );
  return {
    entries: read.filter((entry) => entry !== null && entry !== undefined),
    skipped: read.filter((entry) => entry === null).length,
  };
}

function readMessage(message: readonly Field[], mistakes: Mistakes): ParsedStatement | undefined {
  const tell = teller(mistakes);
  const find = (...tags: readonly string[]) => message.find(({ tag }) => tags.includes(tag));
  const start = message[0];
  const need = (field: Field | undefined, tag: string) => {
    if (!field) mistakes.add({ code: 'field-missing', line: start?.line ?? 1, path: `:${tag}:` });
    return field;
  };
  const account = need(find('25', '25P'), '25');
  const first = need(find('60F', '60M'), '60F');
  const last = need(
    message.findLast(({ tag }) => tag === '62F' || tag === '62M'),
    '62F',
  );
  const opening = first && readBalance(first, tell);
  const closing = last && readBalance(last, tell);
  if (!account || !opening || !closing) return undefined;
  const [, sequence, page] = /^(\d{1,18})(?:\/(\d{1,9}))?/u.exec(find('28C', '28')?.text ?? '') ?? [];
  return {
    line: start?.line ?? 1,
    account: account.text.split('\n')[0]?.replaceAll(/\s/gu, '') ?? '',
    bankId: start?.text.trim() ?? null,
    sequence: sequence === undefined ? null : BigInt(sequence),
    page: page === undefined ? null : Number(page),
    opening,
    closing,
    ...readEntries(message, opening.currency, tell),
  };
}

/**
 * Reads SWIFT MT940 (P9): each message is a statement, or a page of one. Every mistake is told with line and field. UTF-8, or where the bytes are none, `encoding`.
 */
export async function parseMt940(
  chunks: AsyncIterable<Uint8Array>,
  { encoding = 'windows-1252' }: { readonly encoding?: string } = {},
): Promise<Parsed> {
  const mistakes = createMistakes();
  try {
    const messages = mt940Messages(await decodeAll(chunks, encoding));
    const statements = messages.flatMap((message) => readMessage(message, mistakes) ?? []);
    return mistakes.some() ? { mistakes: mistakes.list() } : { statements };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { mistakes: [error.mistake] };
  }
}
