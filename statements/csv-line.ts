import type { Column, CsvMapping } from '../domain/policy-statements.ts';
import { readAmount } from './amounts.ts';
import type { Columns } from './csv-columns.ts';
import { day, fullYear } from './days.ts';
import type { Mistakes } from './mistakes.ts';
import type { MistakeCode, ParsedEntry } from './model.ts';

/** A line's entry, and the balance after it where the file has it. */
export interface CsvLine {
  readonly entry: ParsedEntry;
  readonly balance: bigint | null;
}

export interface Line {
  readonly record: readonly string[];
  readonly line: number;
  readonly columns: Columns;
  readonly mapping: CsvMapping;
  readonly currency: string;
  readonly mistakes: Mistakes;
}

const tokens = /yyyy|yy|MM|M|dd|d|ee/gu;
const digits: Readonly<Record<string, string>> = {
  yyyy: String.raw`\d{4}`,
  M: String.raw`\d{1,2}`,
  d: String.raw`\d{1,2}`,
};
const reiwaBegan = 2019;

/** Reads a day by its pattern (see `csvMapping`). */
export function readDay(text: string, pattern: string): string | undefined {
  const found = pattern.match(tokens) ?? [];
  const source = pattern
    .split(tokens)
    .map((between) => between.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`))
    .reduce(
      (whole, between, at) => `${whole}(${digits[found[at - 1] ?? ''] ?? String.raw`\d{2}`})${between}`,
    );
  const match = new RegExp(`^${source}(?!\\d)`, 'u').exec(text.normalize('NFKC').trim());
  if (!match) return undefined;
  const part = (...names: readonly string[]) => {
    const at = found.findIndex((token) => names.includes(token));
    return at === -1 ? undefined : Number(match[at + 1]);
  };
  const era = part('ee');
  const short = part('yy');
  const year =
    part('yyyy') ?? (era === undefined ? (short === undefined ? 0 : fullYear(short)) : reiwaBegan - 1 + era);
  return day(year, part('MM', 'M') ?? 0, part('dd', 'd') ?? 0);
}

function wrong(given: Line, column: Column, code: MistakeCode, expected?: string): undefined {
  const value = given.columns.value(given.record, column);
  const { line } = given;
  given.mistakes.add({
    code,
    line,
    path: String(column),
    value,
    ...(expected !== undefined && { expected }),
  });
}

function numberAt(given: Line, column: Column): bigint | undefined {
  const { record, columns, mapping, currency } = given;
  const amount = readAmount(columns.value(record, column), currency, mapping);
  return typeof amount === 'string' ? wrong(given, column, amount, currency) : amount.minor;
}

function moneyAt(given: Line): bigint | undefined {
  const { record, columns, mapping } = given;
  const { money } = mapping;
  if ('credit' in money) {
    const isEmpty = (column: Column) => /^[-\s]?$/u.test(columns.value(record, column));
    if (isEmpty(money.credit) && isEmpty(money.debit)) return wrong(given, money.credit, 'amount-invalid');
    const credit = isEmpty(money.credit) ? 0n : numberAt(given, money.credit);
    const debit = isEmpty(money.debit) ? 0n : numberAt(given, money.debit);
    return credit === undefined || debit === undefined ? undefined : credit - debit;
  }
  const amount = numberAt(given, money.amount);
  if (amount === undefined || !money.direction) return amount;
  const which = columns.value(record, money.direction.column);
  if (money.direction.in.includes(which)) return amount;
  if (money.direction.out.includes(which)) return -amount;
  return wrong(
    given,
    money.direction.column,
    'indicator-unknown',
    [...money.direction.in, ...money.direction.out].join(', '),
  );
}

function dayAt(given: Line, column: Column): string | undefined {
  const text = given.columns.value(given.record, column);
  return readDay(text, given.mapping.day) ?? wrong(given, column, 'date-invalid', given.mapping.day);
}

/** Reads one line; null where it moved no money, undefined, after telling why, where something is wrong with it. */
export function readLine(given: Line): CsvLine | null | undefined {
  const { record, columns, mapping, line } = given;
  const { columns: names } = mapping;
  const text = (column: Column | undefined) =>
    column === undefined ? null : columns.value(record, column).replaceAll(/\s+/gu, ' ') || null;
  const currency = text(names.currency) ?? given.currency;
  if (!/^[A-Z]{3}$/u.test(currency)) return wrong(given, names.currency ?? '', 'currency-invalid');
  const bookedOn = dayAt(given, names.bookedOn);
  const valueText = text(names.valueOn);
  const valueOn = valueText === null || names.valueOn === undefined ? null : dayAt(given, names.valueOn);
  const amount = moneyAt(given);
  const balance =
    names.balance === undefined || text(names.balance) === null ? null : numberAt(given, names.balance);
  if (bookedOn === undefined || valueOn === undefined || amount === undefined || balance === undefined)
    return undefined;
  if (amount === 0n) return null;
  const entry: ParsedEntry = {
    line,
    bookedOn,
    valueOn,
    amount,
    currency,
    charges: 0n,
    endToEnd: /^NOT ?PROVIDED$/iu.test(text(names.endToEnd) ?? '') ? null : text(names.endToEnd),
    reference: null,
    remittance: (names.remittance ?? []).flatMap((column) => text(column) ?? []).join(' '),
    payerName: text(names.payerName),
    payerAccount: text(names.payerAccount)?.replaceAll(/\s/gu, '') ?? null,
    bankRef: text(names.bankRef),
    code: text(names.code),
    kind: 'booking',
    returnReason: null,
    batch: null,
    part: null,
    parts: null,
  };
  return { entry, balance };
}
