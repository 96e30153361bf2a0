import { Temporal } from 'temporal-polyfill';
import { civilDay } from '../domain/calendar.ts';
import { chineseCapitals } from '../domain/chinese-capitals.ts';
import type { Language } from '../domain/languages.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { cleanLine } from '../notices/clean.ts';
import { currencyDigits } from '../notices/formats.ts';
import type { Texts } from '../notices/texts.ts';
import { facesFor } from './faces.ts';
import { createForm, type Form } from './form.ts';
import { createSheet, inner, page } from './sheet.ts';

/** What a transfer form says (P4). */
export interface TransferForm {
  readonly payee: { readonly unit: string; readonly departmentCode: string; readonly projectCode: string };
  /** What the payer has stated; the rest is filled in by hand. */
  readonly payer?:
    | {
        readonly unit?: string | null | undefined;
        readonly departmentCode?: string | null | undefined;
        readonly projectCode?: string | null | undefined;
      }
    | undefined;
  readonly purpose: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** By which the stamped paper finds its payment. */
  readonly reference: string;
  readonly madeAt: Date;
}

type Library = Pick<LibraryPolicy, 'name' | 'language' | 'timeZone' | 'money'>;

interface Filling {
  readonly form: Form;
  readonly given: TransferForm;
  readonly language: Language;
  readonly say: (key: string, data?: object) => string;
}

/**
 * Writes the form of an internal transfer (校内转账单) as PDF, ready to print, in the layout of the university's own: payee and payer beside each other, what it is for,
 * the amount in capitals and in figures, and room for hand and seal. It is in the library's language, since the institution's finance office reads it; capitals are
 * written where the currency is the yuan.
 */
export function printTransferForm(texts: Texts, library: Library, given: TransferForm): Promise<Buffer> {
  const { language, timeZone } = library;
  const say = (key: string, data: object = {}) => texts.t(language, `transferForm.${key}`, { ...data });
  const { title = say('title'), instruction } = library.money.documents.transferForm;
  const sheet = createSheet(facesFor(language, language), {
    title: `${title} ${given.reference}`,
    author: library.name[language],
    language,
    createdAt: given.madeAt,
  });
  const form = createForm(sheet);
  const day = civilDay({ timeZone }, Temporal.Instant.fromEpochMilliseconds(given.madeAt.getTime()));
  if (instruction !== undefined) form.text(instruction, page.margin, page.margin, inner);
  form.title(title, 96);
  form.centred(say('date', { year: day.year, month: day.month, day: day.day }), 136);
  const filling = { form, given, language, say };
  writeParties(filling, 162);
  writePurpose(filling, 282);
  writeAmount(filling, 402);
  return sheet.finish();
}

const half = inner / 2;
const label = 76;
const row = 40;

/** Payee on the left, payer on the right, who puts the seal there. */
function writeParties({ form, given, say }: Filling, top: number): void {
  const { payee, payer } = given;
  const rows: readonly (readonly [string, string, string, string | null | undefined])[] = [
    ['payee-unit', payee.unit, 'payer-unit', payer?.unit],
    ['department-code', payee.departmentCode, 'department-code', payer?.departmentCode],
    ['project-code', payee.projectCode, 'project-code', payer?.projectCode],
  ];
  rows.forEach(([ours, value, theirs, stated], index) => {
    const y = top + index * row;
    form.cell(say(ours), page.margin, y, label, row, 'centre');
    form.cell(value, page.margin + label, y, half - label, row, 'centre');
    form.cell(say(theirs), page.margin + half, y, label, row, 'centre');
    const written = cleanLine(stated ?? '', 120);
    form.cell(written, page.margin + half + label, y, half - label, row, 'centre');
  });
}

function writePurpose({ form, given, say }: Filling, top: number): void {
  const height = 3 * row;
  form.cell(say('explanation'), page.margin, top, label, height, 'centre');
  form.cell('', page.margin + label, top, inner - label, height, 'left');
  const [x, width] = [page.margin + label + 10, inner - label - 20];
  form.text(given.purpose, x, top + 14, width);
  form.text(say('reference', { reference: given.reference }), x, top + height - 30, width);
}

function writeAmount({ form, given, language, say }: Filling, top: number): void {
  const { currency, amountMinor } = given;
  const figures = figuresOf(language, given);
  const inWords = currency === 'CNY' ? chineseCapitals(BigInt(amountMinor)) : '';
  const [left, right] = [inner * 0.66, inner * 0.34];
  const what = say(currency === 'CNY' ? 'amount-in-words' : 'amount');
  form.cell(`${what}${inWords}`, page.margin, top, left, row, 'left');
  form.cell(figures, page.margin + left, top, right, row, 'left');
  form.cell(say('manager'), page.margin, top + row, half, row, 'left');
  form.cell(say('handler'), page.margin + half, top + row, half, row, 'left');
}

/** `¥1,409.50 元`; in other currencies as they are written. */
function figuresOf(language: Language, { currency, amountMinor }: TransferForm): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const amount = amountMinor / 10 ** currencyDigits(currency);
  return currency === 'CNY' && language === 'zh' ? `${format.format(amount)} 元` : format.format(amount);
}
