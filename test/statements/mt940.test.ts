import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { checkStatement } from '../../statements/check.ts';
import type { Parsed, ParsedStatement } from '../../statements/model.ts';
import { parseMt940 } from '../../statements/mt940.ts';
import { readDetails } from '../../statements/mt940-details.ts';
import { readStatementLine } from '../../statements/mt940-line.ts';

const fixture = readFileSync('test/fixtures/statements/german.sta', 'utf8');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const read = (text: string, encoding: BufferEncoding = 'utf8'): Promise<Parsed> =>
  parseMt940(once(Buffer.from(text, encoding)));

function statementsOf(parsed: Parsed): readonly ParsedStatement[] {
  if ('mistakes' in parsed) throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.statements;
}

describe('P9 MT940', () => {
  test('P9 reads SWIFT blocks, German subfields, free text and strokes', async () => {
    const [found] = statementsOf(await read(fixture));
    expect(found).toMatchObject({
      account: '37040044/0532013000',
      bankId: 'STARTUMS',
      sequence: 224n,
      page: 1,
      opening: { minor: 10_000n, currency: 'EUR', on: '2026-11-19' },
      closing: { minor: 10_850n, on: '2027-01-01' },
      skipped: 1,
    });
    expect(checkStatement(found as ParsedStatement)).toEqual([]);
    expect(found?.entries).toMatchObject([
      {
        amount: 2000n,
        bookedOn: '2026-11-20',
        remittance: 'Bibliotheksgebuehr fuer B7K-2M4 vielen Dank',
        payerName: 'Müller, Jörg',
        payerAccount: 'DE02120300000000202051',
        endToEnd: null,
        bankRef: 'X-1',
        code: '166',
        kind: 'booking',
      },
      {
        amount: 500n,
        kind: 'reversal',
        remittance: 'UNSTRUCTURED TEXT OVER TWO LINES',
        endToEnd: 'KREF1',
        bankRef: 'X-2',
      },
      {
        amount: -1500n,
        kind: 'return',
        returnReason: '914',
        endToEnd: 'DD-9',
        payerName: 'RETURNED PAYER',
        charges: 0n,
      },
      {
        amount: -150n,
        kind: 'reversal',
        bookedOn: '2026-12-31',
        payerName: 'J JANSEN',
        payerAccount: 'NL91ABNA0417164300',
        remittance: 'B7K-2M4',
        endToEnd: 'E-77',
      },
    ]);
  });

  test('P9 line ends and encodings do not matter', async () => {
    const expected = await read(fixture);
    expect(await read(fixture.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await read(fixture, 'latin1')).toEqual(expected);
  });

  test('P9 reads field 61 in all its forms', () => {
    const line = (text: string, currency = 'EUR') => readStatementLine(text, currency);
    expect(line('2611201121C100,NTRFNONREF')).toMatchObject({
      valueOn: '2026-11-20',
      bookedOn: '2026-11-21',
      amount: 10_000n,
    });
    expect(line('261120D0,5N026X//Y\nMORE')).toMatchObject({
      amount: -50n,
      code: 'N026',
      customerRef: 'X',
      bankRef: 'Y',
      supplement: 'MORE',
    });
    expect(line('2612310101C1,00NTRFA')).toMatchObject({ valueOn: '2026-12-31', bookedOn: '2027-01-01' });
    expect(line('2701011231C1,00NTRFA')).toMatchObject({ valueOn: '2027-01-01', bookedOn: '2026-12-31' });
    expect(line('270230C1,00NTRFA')).toMatchObject({ valueOn: '2027-02-28' });
    expect(line('261120CR1,00NTRFA')).toMatchObject({ amount: 100n, reversal: false });
    expect(line('261120RCR1,00NTRFA')).toMatchObject({ amount: -100n, reversal: true });
    expect(line('261120RD1,00NTRFA')).toMatchObject({ amount: 100n, reversal: true });
    expect(line('261120EC1,00NTRFA')).toMatchObject({ expected: true });
    expect(line('261120C550,NTRFA', 'JPY')).toMatchObject({ amount: 550n });
    expect(line('261120C1,005NTRFA')).toBe('amount-decimals');
    expect(line('2613201121C1,00NTRFA')).toBe('date-invalid');
    expect(line('2611201131C1,00NTRFA')).toBe('date-invalid');
    expect(line('nonsense')).toBe('field-invalid');
  });

  test('P9 reads what banks put into field 86', () => {
    expect(
      readDetails('/CNTP/NL08ABNA0104417222/ABNANL2A/J. Peeters/Almere/REMI/USTD//B7K 2M4/'),
    ).toMatchObject({
      payerName: 'J. Peeters',
      payerAccount: 'NL08ABNA0104417222',
    });
    expect(readDetails('/TRTP/X/REMI/STRD/CUR/9595012345678901/')).toMatchObject({
      reference: '9595012345678901/',
      remittance: '',
    });
    expect(
      readDetails(
        'SEPA OVERBOEKING                 IBAN: NL91ABNA0417164300\nBIC: ABNANL2A  NAAM: J JANSEN\nOMSCHRIJVING: boete B7K-2M4',
      ),
    ).toMatchObject({
      payerName: 'J JANSEN',
      payerAccount: 'NL91ABNA0417164300',
      remittance: 'boete B7K-2M4',
    });
    expect(readDetails('117?00MIETE?20erste Zeile?21zweite Zeile?32A?33 B')).toMatchObject({
      remittance: 'erste Zeile zweite Zeile',
      payerName: 'A B',
    });
    expect(readDetails('Fee for 3 books')).toMatchObject({ remittance: 'Fee for 3 books', payerName: null });
  });

  test('P9 several messages and pages are statements each', async () => {
    const message = (number: string, from: string, to: string) =>
      `:20:X\n:25:NL91ABNA0417164300EUR\n:28C:${number}\n:60${from}\n:62${to}\n-\n`;
    const found = statementsOf(
      await read(
        message('1/1', 'F:C261120EUR1,00', 'M:C261120EUR1,00') +
          message('1/2', 'M:C261120EUR1,00', 'F:D261120EUR0,'),
      ),
    );
    expect(found.map(({ sequence, page, closing }) => [sequence, page, closing?.minor])).toEqual([
      [1n, 1, 100n],
      [1n, 2, 0n],
    ]);
  });

  test('P9 tells everything that is wrong, with line and field', async () => {
    const broken = fixture
      .replace('CR20,00NTRF', 'CR20,005NTRF')
      .replace(':62F:C270101EUR108,50', ':62F:C271301EUR108,50')
      .replace(':25:', ':26:');
    expect(await read(broken)).toMatchObject({
      mistakes: [
        { code: 'field-missing', path: ':25:' },
        { code: 'date-invalid', line: 19, path: ':62F:' },
      ],
    });
    expect(await read(fixture.replace('CR20,00NTRF', 'CR20,005NTRF'))).toMatchObject({
      mistakes: [{ code: 'amount-decimals', line: 6, path: ':61:' }],
    });
    expect(await read('hello')).toMatchObject({ mistakes: [{ code: 'mt940-unknown' }] });
  });
});
