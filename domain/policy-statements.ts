import { z } from 'zod';

/** A column by its name in the header line, or by its number from 1 where there is no header. */
const column = z.union([z.string().min(1), z.int().min(1)]);
/** Columns put together with blanks. */
const columns = z.union([column.transform((one) => [one]), z.array(column).min(1)]);

/** Money in one column: with its sign; or with a second column that says which way it went. */
const oneColumn = z.strictObject({
  amount: column,
  direction: z
    .strictObject({ column, in: z.array(z.string().min(1)).min(1), out: z.array(z.string().min(1)).min(1) })
    .optional(),
});
/** Money in two columns, without signs. */
const twoColumns = z.strictObject({ credit: column, debit: column });

/**
 * What a bank's comma-separated file looks like (P9). Days are written with `yyyy`, `yy`, `MM`, `M`, `dd`, `d`, and `ee` for the year of Reiwa; everything else in
 * the pattern stands as it is; what follows the day (a time) is not looked at.
 */
export const csvMapping = z.strictObject({
  encoding: z.enum(['utf-8', 'gb18030', 'shift_jis', 'iso-8859-1', 'windows-1252']).default('utf-8'),
  delimiter: z.enum([',', ';', '\t', '|']).default(','),
  /** What separates the fraction; and thousands. */
  decimal: z.enum(['.', ',']).default('.'),
  thousands: z.enum(['', ',', '.', "'"]).default(''),
  day: z.string().regex(/^(?=.*(?:yy|ee))(?=.*M)(?=.*d)/, 'write a day as yyyy-MM-dd, dd.MM.yy or eeMMdd'),
  header: z.boolean().default(true),
  money: z.union([oneColumn, twoColumns]),
  columns: z.strictObject({
    bookedOn: column,
    valueOn: column.optional(),
    remittance: columns.optional(),
    payerName: column.optional(),
    payerAccount: column.optional(),
    endToEnd: column.optional(),
    bankRef: column.optional(),
    code: column.optional(),
    currency: column.optional(),
    /** The account's balance after the line: each line is checked against it, and statements are joined by it. */
    balance: column.optional(),
  }),
  /** Lines that count: those with one of the values in the column; others (pending, headings, totals) are left out. */
  only: z.strictObject({ column, is: z.array(z.string()).min(1) }).optional(),
  /** Lines whose first value begins so are left out: totals at the end. */
  without: z.array(z.string().min(1)).default([]),
});

export type CsvMapping = z.output<typeof csvMapping>;
export type Column = string | number;

/** Files as some banks write them; a library names one, or describes its own. */
const presets: Readonly<Record<string, z.input<typeof csvMapping>>> = {
  /** 中国工商银行, corporate account history. */
  icbc: {
    encoding: 'gb18030',
    thousands: ',',
    day: 'yyyy-MM-dd',
    money: { credit: '贷方发生额', debit: '借方发生额' },
    columns: {
      bookedOn: '交易时间',
      remittance: ['用途', '摘要'],
      payerName: '对方单位名称',
      payerAccount: '对方账号',
      bankRef: '凭证号',
      balance: '余额',
    },
    without: ['合计', '总计'],
  },
  /** ゆうちょ銀行. */
  yucho: {
    encoding: 'shift_jis',
    thousands: ',',
    day: 'yyyyMMdd',
    money: { credit: '受入金額(円)', debit: '払出金額(円)' },
    columns: {
      bookedOn: '取引日',
      bankRef: '入出金明細ID',
      code: '詳細1',
      payerName: '詳細2',
      balance: '現在(貸付)高',
    },
  },
  /** 全銀協規定フォーマット, 入出金取引明細, data records with commas. */
  zengin: {
    encoding: 'shift_jis',
    day: 'eeMMdd',
    header: false,
    money: { amount: 7, direction: { column: 5, in: ['1'], out: ['2'] } },
    columns: {
      bookedOn: 3,
      valueOn: 4,
      bankRef: 2,
      code: 6,
      payerName: 15,
      remittance: [18, 19],
    },
    only: { column: 1, is: ['2'] },
  },
  /** Sparkassen, CSV-CAMT. */
  sparkasse: {
    encoding: 'iso-8859-1',
    delimiter: ';',
    decimal: ',',
    thousands: '.',
    day: 'dd.MM.yy',
    money: { amount: 'Betrag' },
    columns: {
      bookedOn: 'Buchungstag',
      valueOn: 'Valutadatum',
      remittance: 'Verwendungszweck',
      payerName: 'Beguenstigter/Zahlungspflichtiger',
      payerAccount: 'Kontonummer/IBAN',
      endToEnd: 'Kundenreferenz (End-to-End)',
      code: 'Buchungstext',
      currency: 'Waehrung',
    },
    only: { column: 'Info', is: ['Umsatz gebucht'] },
  },
};

/** A file's description, or the name of one that is known here. */
export const csvFormat = z.union([
  z.string().transform((name, context) => {
    const preset = presets[name];
    if (preset !== undefined) return csvMapping.parse(preset);
    context.addIssue({ code: 'custom', message: `name one of ${Object.keys(presets).join(', ')}` });
    return z.NEVER;
  }),
  csvMapping,
]);
