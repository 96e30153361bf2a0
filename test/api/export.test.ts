import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { assert, bigInt, constantFrom, property } from 'fast-check';
import { decimalText } from '../../api/decimal.ts';
import { accountName } from '../../notices/account-names.ts';
import { csvTable } from '../../api/export/csv-table.ts';
import { type Table, type TableCell, xlsx } from '../../api/export/xlsx.ts';
import { createWords } from '../../api/words.ts';
import { languages } from '../../domain/languages.ts';
import { readSheet, unzip } from '../support/xlsx.ts';
import { policies, texts } from '../support/made-once.ts';

async function collect<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

const bytesOf = async (parts: AsyncIterable<Buffer>) => Buffer.concat(await collect(parts));
const textOf = async (parts: AsyncIterable<string>) => (await collect(parts)).join('');

const table = (...pages: (readonly (readonly TableCell[])[])[]): Table => ({
  columns: ['A', 'B'],
  rows: (async function* () {
    yield* pages;
  })(),
});

const page: TableCell[][] = [
  ['=HYPERLINK("http://evil.example")', { minor: 1250n, currency: 'EUR' }],
  ['+cmd|x', { minor: -5n, currency: 'CNY' }],
  ['图书馆 <&> "x"\u0000', { minor: 550n, currency: 'JPY' }],
  ['', { minor: 1005n, currency: 'KWD' }],
  [' lone \ud800 ', null],
];

test('P10 amounts have the decimals of their currency, whatever their size and sign', () => {
  assert(
    property(
      bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
      constantFrom('JPY', 'EUR', 'KWD'),
      (minor, currency) => {
        const digits = { JPY: 0, EUR: 2, KWD: 3 }[currency] ?? 2;
        const text = decimalText(minor, currency);
        expect(text).toMatch(digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
        expect(BigInt(text.replace('.', ''))).toBe(minor);
      },
    ),
  );
});

test('P10 a workbook has real numbers, and text that is never a formula', async () => {
  const archive = await bytesOf(xlsx(table(page)));
  expect(readSheet(archive)).toEqual([
    ['A', 'B'],
    ['=HYPERLINK("http://evil.example")', 12.5],
    ['+cmd|x', -0.05],
    ['图书馆 <&> "x"', 550],
    ['', 1.005],
    [' lone \ufffd ', null],
  ]);
  const files = unzip(archive);
  expect([...files.keys()]).toContain('[Content_Types].xml');
  const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
  expect(sheet).not.toContain('<f>');
  for (const style of ['s="2"><v>12.50', 's="0"><v>550', 's="3"><v>1.005']) expect(sheet).toContain(style);
});

test('P10 the same as CSV: what looks like a formula is text, a negative amount is a number', async () => {
  expect(await textOf(csvTable(table(page)))).toBe(
    '\ufeffA,B\r\n"\'=HYPERLINK(""http://evil.example"")",12.50\r\n\'+cmd|x,-0.05\r\n"图书馆 <&> ""x""\u0000",550\r\n,1.005\r\n lone \ud800 ,\r\n',
  );
});

test('P10 two hundred thousand rows are written page by page, in little memory', async () => {
  let read = 0;
  const rows = async function* () {
    for (; read < 200; read += 1)
      yield Array.from({ length: 1_000 }, (_row, n) => [
        `receivable:0190b0a4-0000-7000-8000-${String(n).padStart(12, '0')}`,
        { minor: BigInt(n), currency: 'EUR' },
      ]);
  };
  const parts = xlsx({ columns: ['A', 'B'], rows: rows() });
  let [size, largest] = [0, 0];
  for await (const part of parts) {
    size += part.length;
    largest = Math.max(largest, part.length);
    if (size < 50_000) expect(read).toBeLessThan(100);
  }
  expect(read).toBe(200);
  expect(largest).toBeLessThan(1_000_000);
}, 60_000);

test('P10 a failure while reading ends the file with it', async () => {
  const rows = async function* () {
    yield [['a', null]];
    throw new Error('The database is gone.');
  };
  await expect(bytesOf(xlsx({ columns: ['A', 'B'], rows: rows() }))).rejects.toThrow('The database is gone.');
});

test('P10 G3 every account that is booked on has a name in every language', () => {
  const wordsFor = createWords({ texts, policies });
  const sources = [
    'activities/ledger.ts',
    'activities/bank/entry-bookings.ts',
    'activities/bank/entry-decisions.ts',
  ];
  const booked = sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/=> `([a-z]+):\$/g)]);
  const prefixes = new Set(booked.map(([, prefix = '']) => prefix));
  expect(prefixes.size).toBeGreaterThan(15);
  for (const language of languages)
    for (const prefix of [...prefixes, 'income', 'subsidy'])
      expect(accountName(wordsFor('demo', language), `${prefix}:main`)).not.toMatch(/:main|\{\{|^money\./);
});

test('P10 I15 accounts of interlibrary loan have names without codes in every language; another library’s has its name', async () => {
  const ledger = await import('../../activities/ledger.ts');
  const wordsFor = createWords({ texts, policies });
  const { illIncome, illLostIncome, illCost, illLostCost, exchange, netting, finance } = ledger;
  const accounts = [illIncome, illLostIncome, illCost, illLostCost, exchange, netting, finance];
  for (const language of languages) {
    const words = wordsFor('demo', language);
    const names = accounts.map((account) => accountName(words, account));
    expect(new Set(names).size).toBe(accounts.length);
    for (const name of names) expect(name).not.toMatch(/\bill\b|:ill|\{\{|^money\./);
    const { ill } = words.policy;
    const [peer] = ill === 'none' ? [] : ill.peers;
    expect(accountName(words, ledger.peerAccount(peer?.code ?? ''))).toContain(peer?.name[language] ?? '?');
  }
});
