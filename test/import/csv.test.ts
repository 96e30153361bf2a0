import { describe, expect, test } from '@jest/globals';
import { itemRows } from '../../import/item-rows.ts';
import { readerRows } from '../../import/reader-rows.ts';
import { readRows } from '../../import/rows.ts';
import { collect, pieces } from './marc-builder.ts';
import { policies } from '../support/made-once.ts';

const policy = policies.get('demo');

function items(text: string | Uint8Array, size?: number) {
  return collect(readRows(pieces(text, size), itemRows(policy)));
}

function readers(text: string) {
  return collect(readRows(pieces(text), readerRows(policy)));
}

test('byte order mark, CRLF, blank lines, quoted line breaks and delimiters', async () => {
  const text =
    '\uFEFFBarcode,Control Number,branch,shelf-mark\r\n1,t1,main,"A ""x""\r\nB, C"\r\n\r\n2,t1,north,\r\n';
  const expected = [
    { position: 1, ok: { barcode: '1', control_number: 't1', branch: 'main', shelf_mark: 'A "x"\r\nB, C' } },
    { position: 2, ok: { barcode: '2', control_number: 't1', branch: 'north', shelf_mark: null } },
  ];
  expect(await items(text)).toEqual(expected);
  expect(await items(text, 61)).toEqual(expected);
});

test.each([
  [';', 'barcode;control_number;branch\n1;t,1;main\n'],
  ['tab', 'barcode\tcontrol_number\tbranch\n1\tt,1\tmain'],
])('%s as delimiter', async (_, text) => {
  expect(await items(text)).toEqual([
    { position: 1, ok: { barcode: '1', control_number: 't,1', branch: 'main' } },
  ]);
});

test('what a spreadsheet would take for a formula is text', async () => {
  const [outcome] = await readers('card,name,group\n01234567,"=HYPERLINK(""http://x"",""y"")",adult\n');
  expect(outcome).toMatchObject({ ok: { name: '=HYPERLINK("http://x","y")' } });
});

test('every value of a reader', async () => {
  const header = 'card,name,group,birth_date,email,phone,language,expires_on,paid_until';
  const [full, bare] = await readers(
    `${header}\n01234567, 佐藤 花子 ,child,2015-05-01,hanako@example.org,+81 92-555-0100,ja,2027-03-31,2027-01-31\n01234568,B,adult,,,,,,\n`,
  );
  expect(full).toEqual({
    position: 1,
    ok: {
      card: '01234567',
      name: '佐藤 花子',
      group: 'child',
      birth_date: '2015-05-01',
      email: 'hanako@example.org',
      phone: '+81 92-555-0100',
      language: 'ja',
      expires_on: '2027-03-31',
      paid_until: '2027-01-31',
    },
  });
  expect(bare).toMatchObject({
    ok: { birth_date: null, email: null, phone: null, language: 'en', paid_until: null },
  });
});

describe('a row is rejected with all its reasons, and the next one is read', () => {
  test('of a reader', async () => {
    const outcomes = await readers(
      'card,name,group,birth_date,email,phone,language,expires_on,paid_until\n' +
        '1234567,,adults,2015-02-30,not an address,call me,fr,soon,1.1.2027\n01234567,B,adult,,,,,,\n',
    );
    expect(outcomes).toMatchObject([
      {
        rejected: {
          position: 1,
          line: 2,
          card: '1234567',
          reasons: [
            'card: must be a card number such as 01234567',
            'name: is missing',
            'group: must be one of adult, child',
            'birth_date: must be a date as 2026-12-28',
            'email: is no e-mail address',
            'phone: is no phone number',
            'language: must be one of ja, zh, de, en',
            'expires_on: must be a date as 2026-12-28',
            'paid_until: must be a date as 2026-12-28',
          ],
        },
      },
      { ok: { card: '01234567' } },
    ]);
  });

  test('of an item', async () => {
    const outcomes = await items(
      'barcode,control_number,branch,kind,issue,issued_on,for_loan\n,,east,dvd,1,,perhaps\n2,t1,main,magazine,2026/1,2026-01-05,No\n',
    );
    expect(outcomes).toMatchObject([
      {
        rejected: {
          reasons: [
            'barcode: is missing',
            'control_number: is missing',
            'branch: must be one of main, north',
            'kind: must be one of book, magazine, audiovisual',
            'for_loan: must be yes or no',
          ],
        },
      },
      { ok: { barcode: '2', for_loan: false, issued_on: '2026-01-05' } },
    ]);
    expect(await items('barcode,control_number,branch,issue,issued_on\n1,t1,main,2026/1,\n')).toMatchObject([
      { rejected: { barcode: '1', reasons: ['issue and issued_on belong together'] } },
    ]);
  });

  test('with too few or too many values, of another encoding, with control characters, or twice', async () => {
    const bytes = Buffer.concat([
      Buffer.from('barcode,control_number,branch\n1,t1\n2,t1,main,x\n3,t'),
      Buffer.from([0xe9]),
      Buffer.from(',main\n4,t\u0000,main\n5,t1,main\n5,t2,north\n6,t1,main'),
    ]);
    const outcomes = await items(bytes);
    expect(
      outcomes.map((outcome) => ('ok' in outcome ? outcome.ok.barcode : outcome.rejected.reasons)),
    ).toEqual([
      ['it has 2 values, the header has 3'],
      ['it has 4 values, the header has 3'],
      ['it is not valid UTF-8; save the file as UTF-8'],
      ['it contains control characters'],
      '5',
      ['row 5 of this file has the same barcode'],
      '6',
    ]);
  });
});

describe('a file that cannot be read', () => {
  const cases: [string, string, RegExp][] = [
    ['empty', '', /empty/u],
    ['without a column', 'barcode,branch\n1,main\n', /the column control_number is missing/u],
    ['with an unknown column', 'barcode,control_number,branch,colour\n', /the column colour is not known/u],
    ['with a column twice', 'barcode,control_number,branch,Branch\n', /the column branch comes twice/u],
    [
      'a quotation mark is never closed',
      'barcode,control_number,branch\n1,t1,main\n2,"t1,main\n3,t1,main\n',
      /after line 2/u,
    ],
    ['a row without end', `barcode,control_number,branch\n1,t1,"${'x'.repeat(300_000)}`, /after line 1/u],
  ];
  test.each(cases)('%s', async (_, text, message) => {
    await expect(items(text)).rejects.toThrow(message);
  });
});

test('L5 what a lost copy costs to replace is read in the library’s currency, exactly', async () => {
  const text = (price: string) => items(`barcode,control_number,branch,price\n1,t1,main,${price}\n`);
  expect(await text('29.80')).toMatchObject([{ ok: { price: 2980 } }]);
  expect(await text('29.8')).toMatchObject([{ ok: { price: 2980 } }]);
  expect(await text('')).toMatchObject([{ ok: { price: null } }]);
  for (const wrong of ['29.805', '-1', '1e3', 'EUR 3', '"29,80"'])
    expect(await text(wrong)).toMatchObject([
      { rejected: { reasons: ['price: must be an amount in EUR, as 29.80'] } },
    ]);
  const yen = { ...policy, currency: 'JPY' };
  const inYen = await collect(
    readRows(pieces('barcode,control_number,branch,price\n1,t1,main,2980\n'), itemRows(yen)),
  );
  expect(inYen).toMatchObject([{ ok: { price: 2980 } }]);
});
