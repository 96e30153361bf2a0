import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseCamt } from '../../statements/camt.ts';
import { checkStatement } from '../../statements/check.ts';
import type { Parsed, ParsedStatement } from '../../statements/model.ts';

const fixture = readFileSync('test/fixtures/statements/batch-and-returns.04.xml', 'utf8');

/** The text in pieces of so many bytes, which cut characters and tags anywhere. */
async function* inPieces(text: string | Uint8Array, size = 50): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (text: string | Uint8Array): Promise<Parsed> => parseCamt(inPieces(text));

function statementsOf(parsed: Parsed): readonly ParsedStatement[] {
  if ('mistakes' in parsed) throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.statements;
}

async function mistakesOf(text: string | Uint8Array) {
  const parsed = await read(text);
  const mistakes =
    'mistakes' in parsed ? parsed.mistakes : parsed.statements.flatMap((each) => checkStatement(each));
  return mistakes.map(({ code, line, path }) => [code, line, path ?? '']);
}

const entry = (amount: string, more = '') =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>${more}</Ntry>`;

const balance = (code: string, amount: string, currency = 'EUR') =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>`;

const message = (...statements: readonly string[]) =>
  `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n${statements.join('\n')}\n</BkToCstmrStmt></Document>`;

const statement = (content: string, head = '<Id>S</Id>') =>
  `<Stmt>${head}<Acct><Id><Othr><Id>12 34</Id></Othr></Id></Acct>${content}</Stmt>`;

describe('P9 camt.053', () => {
  test('P9 takes batches apart, and tells charges, returns and reversals; pending entries are left out', async () => {
    const [found] = statementsOf(await read(fixture));
    expect(found).toMatchObject({
      account: 'DE89370400440532013000',
      bankId: '2026-224',
      sequence: 224n,
      opening: { minor: 10_000n, on: '2026-11-19' },
      closing: { minor: 15_250n, on: '2026-11-20' },
      skipped: 2,
    });
    expect(checkStatement(found as ParsedStatement)).toEqual([]);
    expect(found?.entries).toMatchObject([
      {
        amount: 2000n,
        payerName: 'Müller, Jörg',
        payerAccount: 'DE02120300000000202051',
        remittance: 'Bibliothek B7K-2M4',
        endToEnd: null,
        batch: 'BATCH-7',
        part: 1,
        parts: 2,
        bankRef: 'B-1',
      },
      {
        amount: 4000n,
        payerName: '王 小明',
        reference: 'RF18539007547034',
        remittance: '',
        endToEnd: 'E-2',
        part: 2,
      },
      { amount: 950n, charges: 50n, bookedOn: '2026-11-20', valueOn: null, bankRef: 'X-3', part: null },
      {
        amount: -1500n,
        kind: 'return',
        returnReason: 'MD06',
        payerName: 'Returned Payer',
        code: 'PMNT.IDDT.UPDD',
      },
      { amount: -200n, kind: 'reversal', remittance: 'Storno', payerName: null },
    ]);
  });

  test('P9 reads the same wherever the file is cut', async () => {
    const whole = await parseCamt(inPieces(fixture, 1_000_000));
    for (const size of [1, 7, 64]) expect(await parseCamt(inPieces(fixture, size))).toEqual(whole);
  });

  test('P9 reads the encoding that the file states', async () => {
    const latin = Buffer.from(fixture.replace('UTF-8', 'ISO-8859-1').replace('王 小明', 'Wang'), 'latin1');
    expect(statementsOf(await read(latin))[0]?.entries[0]?.payerName).toBe('Müller, Jörg');
    const utf16 = Buffer.from(`\uFEFF${fixture.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    expect(statementsOf(await read(utf16))[0]?.entries[1]?.payerName).toBe('王 小明');
    expect(await mistakesOf(Buffer.from(fixture, 'latin1'))).toEqual([['encoding', expect.any(Number), '']]);
  });

  test('P9 details must add up to their entry, to the cent', async () => {
    const wrong = fixture.replace('<c:Amt Ccy="EUR">20.00', '<c:Amt Ccy="EUR">20.01');
    expect(await mistakesOf(wrong)).toEqual([['details-sum', 11, 'Stmt[1]/Ntry[1]/NtryDtls']]);
    const some = fixture.replace('<c:Amt Ccy="EUR">20.00</c:Amt>', '');
    expect(await mistakesOf(some)).toEqual([['details-amounts', 11, 'Stmt[1]/Ntry[1]/NtryDtls']]);
    const none = some.replace('<c:Amt Ccy="EUR">40.00</c:Amt>', '');
    expect(statementsOf(await read(none))[0]?.entries[0]).toMatchObject({ amount: 6000n, part: null });
  });

  test('P9 entries must add up to the balances, and be in their currency', async () => {
    expect(await mistakesOf(fixture.replace('152.50', '152.51'))).toEqual([['statement-sum', 5, 'Stmt[1]']]);
    const mixed = message(statement(`${balance('OPBD', '1')}${balance('CLBD', '2', 'SEK')}${entry('1')}`));
    expect(await mistakesOf(mixed)).toEqual([['currency-differs', 2, 'Stmt[1]']]);
  });

  test('P9 amounts are exact in each currency; decimals it does not have are refused', async () => {
    const given = (amount: string, currency: string) =>
      message(
        statement(
          `${balance('OPBD', '0', currency)}${balance('CLBD', amount, currency)}${entry(amount).replace('EUR', currency)}`,
        ),
      );
    const amountOf = async (amount: string, currency: string) =>
      statementsOf(await read(given(amount, currency)))[0]?.entries[0]?.amount;
    expect(await amountOf('12.5', 'EUR')).toBe(1250n);
    expect(await amountOf('8.850', 'EUR')).toBe(885n);
    expect(await amountOf('550', 'JPY')).toBe(550n);
    expect(await amountOf('1.234', 'KWD')).toBe(1234n);
    expect(await amountOf('90071992547409.93', 'EUR')).toBe(9_007_199_254_740_993n);
    expect((await mistakesOf(given('0.001', 'EUR'))).map(([code]) => code)).toContain('amount-decimals');
    expect((await mistakesOf(given('5.5', 'JPY'))).map(([code]) => code)).toContain('amount-decimals');
    expect((await mistakesOf(given('1,50', 'EUR'))).map(([code]) => code)).toContain('amount-invalid');
    expect((await mistakesOf(given('1e3', 'EUR'))).map(([code]) => code)).toContain('amount-invalid');
    expect((await mistakesOf(given('-1', 'EUR'))).map(([code]) => code)).toContain('amount-invalid');
  });

  test('P9 several statements, and pages with interim balances, are read each for itself', async () => {
    const page = (number: number, content: string) =>
      statement(
        content,
        `<Id>S</Id><StmtPgntn><PgNb>${number}</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>`,
      );
    const found = statementsOf(
      await read(
        message(
          page(1, `${balance('OPBD', '0')}${balance('ITBD', '5')}${entry('5')}`),
          page(2, `${balance('ITBD', '5')}${balance('ITBD', '7')}${entry('2')}`),
          page(3, `${balance('ITBD', '7')}${balance('CLBD', '7')}`),
          statement(`${balance('PRCD', '7')}${balance('CLBD', '8')}${entry('1')}`),
        ),
      ),
    );
    expect(
      found.map(({ page: number, opening, closing }) => [number, opening?.minor, closing?.minor]),
    ).toEqual([
      [1, 0n, 500n],
      [2, 500n, 700n],
      [3, 700n, 700n],
      [null, 700n, 800n],
    ]);
    expect(found.flatMap((each) => checkStatement(each))).toEqual([]);
  });

  test('P9 tells everything that is wrong, with line and path, and reads on', async () => {
    const broken = fixture
      .replace(
        '<c:CdtDbtInd>DBIT</c:CdtDbtInd><c:RvslInd>true',
        '<c:CdtDbtInd>BOTH</c:CdtDbtInd><c:RvslInd>yes',
      )
      .replace('<c:Sts>PDNG</c:Sts>', '<c:Sts>MAYBE</c:Sts>')
      .replace('<c:DtTm>2026-11-20T23:30:00+01:00</c:DtTm>', '<c:Dt>2026-11-31</c:Dt>')
      .replace('<c:Amt Ccy="EUR">15.00', '<c:Amt Ccy="EUR">fifteen');
    expect(await mistakesOf(broken)).toEqual([
      ['date-invalid', 29, 'Stmt[1]/Ntry[2]/BookgDt/Dt'],
      ['amount-invalid', 38, 'Stmt[1]/Ntry[3]/Amt'],
      ['indicator-unknown', 47, 'Stmt[1]/Ntry[4]/CdtDbtInd'],
      ['status-unknown', 51, 'Stmt[1]/Ntry[5]/Sts'],
    ]);
  });

  test('P9 refuses what is hostile or no statement', async () => {
    const start = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">';
    const bomb = `<!DOCTYPE Document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${start}&b;</Document>`;
    expect(await mistakesOf(bomb)).toEqual([['xml-doctype', 1, '']]);
    expect(await mistakesOf(`${start}&b;</Document>`)).toEqual([['xml-malformed', 1, '']]);
    expect(await mistakesOf(`${start}${'<a>'.repeat(100)}`)).toEqual([['xml-deep', 1, '']]);
    expect(await mistakesOf(fixture.slice(0, 3000))).toContainEqual([
      'xml-malformed',
      expect.any(Number),
      '',
    ]);
    expect(await mistakesOf(fixture.replace('053.001.04', '053.001.03'))).toEqual([['camt-version', 2, '']]);
    expect(await mistakesOf(fixture.replace('053.001.04', '052.001.04'))).toEqual([['camt-unknown', 2, '']]);
    expect(await mistakesOf('<html/>')).toEqual([['camt-unknown', 1, '']]);
    expect(await mistakesOf('')).toEqual([['empty', 1, '']]);
    expect(await mistakesOf(message(statement(entry('1'))))).toEqual([
      ['element-missing', 2, 'Stmt[1]/Bal[OPBD]'],
      ['element-missing', 2, 'Stmt[1]/Bal[CLBD]'],
    ]);
  });
});

const shared = '../shared/data/camt053';
const testSharedFiles = existsSync(shared) ? test : test.skip;
const sharedFile = (name: string) => read(readFileSync(`${shared}/${name}`));

async function readSharedFiles(): Promise<void> {
  const [all] = statementsOf(await sharedFile('camt053.v2.all-balance-types.xml'));
  expect(all).toMatchObject({
    account: 'CH2801234000123456789',
    sequence: 315n,
    opening: { minor: 101n },
    closing: { minor: 404n },
  });
  expect(all?.entries).toMatchObject([
    { amount: 885n, remittance: 'Transaction Description', endToEnd: '000000001' },
  ]);
  expect(checkStatement(all as ParsedStatement)).toMatchObject([
    { code: 'statement-sum', value: '8.85 EUR', expected: '3.03 EUR' },
  ]);
  const [ultimate] = statementsOf(await sharedFile('camt053.v2.minimal.ultimate.xml'));
  expect(ultimate?.entries).toMatchObject([{ payerName: 'DEBTOR NAME NM', reference: '4654654654654654' }]);
  const [eight] = statementsOf(await sharedFile('camt053.v8.xml'));
  expect(eight?.entries).toMatchObject([
    { amount: 885n, payerName: 'NAME NAME', endToEnd: 'MUELL/FINP/RA12345', code: 'PMNT.RCDT.BOOK' },
  ]);
  expect(await sharedFile('camt053.v2.wrong.xml')).toEqual({
    mistakes: [{ code: 'statement-missing', line: 1, path: 'BkToCstmrStmt/Stmt' }],
  });
}

testSharedFiles(
  `P9 the real-shaped files are read, and what is wrong with those that do not add up is told (${shared}, skipped where it is absent)`,
  readSharedFiles,
);
