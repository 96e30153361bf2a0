import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { csvFormat, csvMapping } from '../../domain/policy-statements.ts';
import { checkStatement } from '../../statements/check.ts';
import { parseCsv } from '../../statements/csv.ts';
import { readDay } from '../../statements/csv-line.ts';
import type { Parsed, ParsedStatement } from '../../statements/model.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const fixture = (name: string) => readFileSync(`test/fixtures/statements/${name}.csv.txt`);

/** The files are kept in UTF-8, so that they can be read; what the bank's own encoding does is tried apart. */
function read(preset: string, bytes: Uint8Array, currency: string): Promise<Parsed> {
  const mapping = csvFormat.parse(preset);
  if (mapping === undefined) throw new Error(preset);
  return parseCsv(once(bytes), { mapping: { ...mapping, encoding: 'utf-8' }, currency });
}

function statementOf(parsed: Parsed): ParsedStatement {
  if ('mistakes' in parsed) throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.statements[0] as ParsedStatement;
}

describe('P9 CSV', () => {
  test('P9 a Chinese bank: newest first, tabs behind numbers, balances, a line of totals', async () => {
    const found = statementOf(await read('icbc', fixture('icbc'), 'CNY'));
    expect(checkStatement(found)).toEqual([]);
    expect(found).toMatchObject({
      opening: { minor: 402_000n },
      closing: { minor: 502_000n, on: '2026-11-20' },
    });
    expect(found.entries).toMatchObject([
      { amount: -2000n, bookedOn: '2026-11-20', payerName: null, remittance: '手续费', bankRef: '0002' },
      {
        amount: 102_000n,
        payerName: '王小明',
        payerAccount: '6222021202000000001',
        remittance: '图书馆文献传递费 B7K-2M4 转账',
      },
    ]);
  });

  test('P9 ゆうちょ: lines above the header, full-width header, whole yen', async () => {
    const found = statementOf(await read('yucho', fixture('yucho'), 'JPY'));
    expect(found).toMatchObject({ opening: { minor: 100_000n }, closing: { minor: 102_890n } });
    expect(found.entries).toMatchObject([
      { amount: 3000n, bookedOn: '2026-11-02', payerName: 'ヤマダ ハナコ', code: '振込' },
      { amount: -110n, code: '料金' },
    ]);
  });

  test('P9 全銀: numbered columns, years of Reiwa, only data records', async () => {
    const found = statementOf(await read('zengin', fixture('zengin'), 'JPY'));
    expect(found).toMatchObject({ opening: null, closing: null });
    expect(found.entries).toMatchObject([
      { amount: 3000n, bookedOn: '2026-11-02', payerName: 'ﾔﾏﾀﾞ ﾊﾅｺ' },
      { amount: -110n, payerName: null },
    ]);
  });

  test('P9 a German bank: comma and point, short years, pending lines left out', async () => {
    const found = statementOf(await read('sparkasse', fixture('sparkasse'), 'EUR'));
    expect(found).toMatchObject({ skipped: 1 });
    expect(found.entries).toMatchObject([
      { amount: -490n, bookedOn: '2026-11-19' },
      {
        amount: 102_000n,
        bookedOn: '2026-11-20',
        payerName: 'Jörg Müller',
        payerAccount: 'DE02120300000000202051',
        endToEnd: null,
      },
    ]);
  });

  test('P9 each encoding is read as the bank writes it, and nothing else is guessed', async () => {
    const columns = { bookedOn: 'day', payerName: 'name' };
    const mapping = (encoding: string) =>
      csvMapping.parse({ encoding, day: 'yyyy-MM-dd', money: { amount: 'amount' }, columns });
    const line = (name: Buffer) =>
      Buffer.concat([Buffer.from('day,amount,name\n2026-11-20,1.00,'), name, Buffer.from('\n')]);
    const nameIn = async (encoding: string, name: Buffer) => {
      const parsed = await parseCsv(once(line(name)), { mapping: mapping(encoding), currency: 'EUR' });
      return 'mistakes' in parsed ? parsed.mistakes[0]?.code : parsed.statements[0]?.entries[0]?.payerName;
    };
    expect(await nameIn('gb18030', Buffer.from([0xcd, 0xf5]))).toBe('王');
    expect(await nameIn('shift_jis', Buffer.from([0x8e, 0x52, 0x93, 0x63]))).toBe('山田');
    expect(await nameIn('iso-8859-1', Buffer.from([0x4d, 0xfc]))).toBe('Mü');
    expect(await nameIn('utf-8', Buffer.from([0x4d, 0xfc]))).toBe('encoding');
  });

  test('P9 a sign column decides, and an unknown sign is told', async () => {
    const mapping = csvMapping.parse({
      day: 'd/M/yyyy',
      money: { amount: 'sum', direction: { column: 'c/d', in: ['C'], out: ['D'] } },
      columns: { bookedOn: 'day' },
    });
    const of = (text: string) => parseCsv(once(Buffer.from(text)), { mapping, currency: 'EUR' });
    expect(statementOf(await of('day,sum,c/d\n1/2/2026,3.00,D\n')).entries).toMatchObject([
      { amount: -300n, bookedOn: '2026-02-01' },
    ]);
    expect(await of('day,sum,c/d\n1/2/2026,3.00,X\n32/2/2026,3.001,C\n')).toMatchObject({
      mistakes: [
        { code: 'indicator-unknown', line: 2, path: 'c/d', value: 'X', expected: 'C, D' },
        { code: 'date-invalid', line: 3, path: 'day' },
        { code: 'amount-decimals', line: 3, path: 'sum' },
      ],
    });
    expect(await of('day,amount\n')).toMatchObject({
      mistakes: [{ code: 'csv-header', expected: 'sum, c/d' }],
    });
    expect(await of('day,sum,c/d\n')).toMatchObject({ mistakes: [{ code: 'empty' }] });
    expect(await of('day,sum,c/d\n"1/2/2026')).toMatchObject({ mistakes: [{ code: 'csv-malformed' }] });
  });

  test('P9 each line must lead to its balance', async () => {
    const wrong = fixture('yucho').toString().replace('102,890', '102,891');
    expect(await read('yucho', Buffer.from(wrong), 'JPY')).toMatchObject({
      mistakes: [{ code: 'line-balance', line: 5, value: '102891 JPY', expected: '102890 JPY' }],
    });
  });

  test('P9 days are read by their pattern', () => {
    expect(readDay('2026年1月9日', 'yyyy年M月d日')).toBe('2026-01-09');
    expect(readDay('20.11.26', 'dd.MM.yy')).toBe('2026-11-20');
    expect(readDay('080401', 'eeMMdd')).toBe('2026-04-01');
    expect(readDay('2026-11-20 15:59', 'yyyy-MM-dd')).toBe('2026-11-20');
    expect(readDay('2026-02-29', 'yyyy-MM-dd')).toBeUndefined();
    expect(readDay('20261120', 'yyyy-MM-dd')).toBeUndefined();
    expect(readDay('1.2.2026x', 'd.M.yy')).toBeUndefined();
  });
});
