import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { createStatementActivities } from '../../activities/bank/import-statement.ts';
import { createPolicies } from '../../config/policies.ts';
import { ensureLibraries } from '../../db/libraries.ts';
import { openOrm } from '../../db/orm.ts';
import { bind, personalTables } from '../../db/personal-data/index.ts';
import { keepStatementFile } from '../../db/statement-files.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { bankPolicy } from '../../domain/policy-bank.ts';
import { fileHash, formatOf } from '../../statements/index.ts';
import type { FileResult } from '../../statements/result.ts';
import { createTestDatabase } from '../support/database.ts';
import { camt, iban, type WrittenEntry, type WrittenStatement } from '../support/statements.ts';
import { policies as written } from '../support/made-once.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const ibans = [
  'NL91ABNA0417164300',
  'NL02ABNA0123456789',
  'NL20INGB0001234567',
  'GB82WEST12345698765432',
  'GB29NWBK60161331926819',
];
const accounts = [iban, ...ibans].map((each, at) => ({
  code: `a${at}`,
  holder: 'Library',
  iban: each,
  formats: { mt940: {}, csv: 'sparkasse' },
}));

function withAccounts(policy: LibraryPolicy, onGap: 'report' | 'refuse'): LibraryPolicy {
  const random = Array.from({ length: 2000 }, (_, at) => ({
    code: `r${at}`,
    holder: 'L',
    numbers: [`R${at}`],
  }));
  const bank = bankPolicy.parse({ accounts: [...accounts, ...random], onGap });
  return { ...policy, money: { ...policy.money, bank } };
}

const library = 'demo';

/** The database and the steps that are tried; nothing else of the service. */
async function start(onGap: 'report' | 'refuse') {
  const database = await createTestDatabase();
  const orm = await openOrm({ databaseUrl: database.url, poolSize: 8 });
  const policies = createPolicies([withAccounts(written.get(library), onGap)]);
  await ensureLibraries(orm, [library], new Date(now));
  return {
    orm,
    ...createStatementActivities({ orm, policies }),
    rows: <T extends object>(sql: string, values: unknown[] = []) => orm.em.fork().execute<T[]>(sql, values),
    async stop() {
      await orm.close(true);
      await database.drop();
    },
  };
}

let bench: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  bench = await start('report');
});
afterAll(() => bench.stop());

async function handIn(content: Buffer, account: string | null = null) {
  const { orm } = bench;
  const hash = fileHash(content);
  const given = {
    library,
    name: 'f',
    format: formatOf(content),
    account,
    hash,
    content,
    actor: 'system',
    at: new Date(now),
  } as const;
  const { id } = await keepStatementFile(orm, { ...given, id: uuid() });
  const { state } = await bench.importStatement({ fileId: id, now });
  const [row] = await bench.rows<{ result: FileResult }>('select result from statement_file where id = ?', [
    id,
  ]);
  const result = row?.result as FileResult;
  const sum = (name: 'added' | 'known') => result.statements.reduce((total, each) => total + each[name], 0);
  return {
    id,
    state,
    mistakes: result.mistakes.map(({ code }) => code),
    joins: result.statements.map(({ joins }) => joins),
    added: sum('added'),
    known: sum('known'),
    result,
  };
}

async function entriesOf(account: string): Promise<number[]> {
  const rows = await bench.rows<{ amount: string }>(
    'select amount from bank_entry where account = ? order by booked_on, amount',
    [account],
  );
  return rows.map(({ amount }) => Number(amount));
}

const five: WrittenEntry = { amount: '5.00', text: 'fee', name: 'A' };

describe('P9 taking a bank’s file over', () => {
  test('P9 the same file answers the first result; a rejected one is read again', async () => {
    const file = camt({
      id: 'S1',
      sequence: 1,
      from: '2026-01-01',
      opening: '0',
      closing: '5',
      entries: [five],
    });
    const first = await handIn(file);
    expect(first).toMatchObject({ state: 'imported', added: 1, known: 0, joins: ['first'], mistakes: [] });
    expect(await handIn(file)).toEqual(first);
    const wrong = camt({ id: 'S2', from: '2026-01-02', opening: '5', closing: '11', entries: [five] });
    const one = await handIn(wrong);
    expect(one).toMatchObject({ state: 'rejected', mistakes: ['statement-sum'] });
    expect((await handIn(wrong)).id).not.toBe(one.id);
    expect(await entriesOf('a0')).toEqual([500]);
  });

  test('P9 nothing of a file is taken over when one entry is wrong, or one statement is not of the library', async () => {
    const good: WrittenStatement = {
      id: 'S3',
      from: '2026-01-03',
      opening: '5',
      closing: '10',
      entries: [five],
    };
    const unknown = { ...good, id: 'S4', iban: 'DE02120300000000202051' };
    expect(await handIn(camt(good, unknown))).toMatchObject({
      state: 'rejected',
      mistakes: ['account-unknown'],
    });
    const broken = camt(good, { ...good, id: 'S5', entries: [{ ...five, amount: '5.001' }] });
    expect(await handIn(broken)).toMatchObject({ mistakes: ['amount-decimals'] });
    const dollars = Buffer.from(camt(good).toString().replaceAll('EUR', 'USD'));
    expect(await handIn(dollars)).toMatchObject({ mistakes: ['account-currency'] });
    expect(await entriesOf('a0')).toEqual([500]);
  });

  test('P9 equal entries of one day are told apart, and known again in a file that overlaps', async () => {
    const of = (given: Omit<WrittenStatement, 'iban'>): WrittenStatement => ({
      ...given,
      iban: ibans[0] as string,
    });
    const monday = of({
      id: '1',
      sequence: 1,
      from: '2026-02-02',
      opening: '0',
      closing: '10',
      entries: [five, five],
    });
    const tuesday = of({
      id: '2',
      sequence: 2,
      from: '2026-02-03',
      opening: '10',
      closing: '15',
      entries: [five],
    });
    expect(await handIn(camt(monday, tuesday))).toMatchObject({ added: 3, joins: ['first', 'joined'] });
    const wednesday = of({
      id: '3',
      sequence: 3,
      from: '2026-02-04',
      opening: '15',
      closing: '20',
      entries: [five],
    });
    expect(await handIn(camt(tuesday, wednesday))).toMatchObject({
      added: 1,
      known: 1,
      joins: ['again', 'joined'],
    });
    const week = of({
      id: 'W6',
      from: '2026-02-02',
      to: '2026-02-06',
      opening: '0',
      closing: '27',
      entries: [
        { ...five, on: '2026-02-02' },
        { ...five, on: '2026-02-02' },
        { ...five, on: '2026-02-03' },
        { ...five, on: '2026-02-04' },
        { amount: '7.00', on: '2026-02-06' },
      ],
    });
    expect(await handIn(camt(week))).toMatchObject({ added: 1, known: 4, joins: ['joined'] });
    expect(await entriesOf('a1')).toEqual([500, 500, 500, 500, 700]);
  });

  test('P9 equal entries in two statements of one day are two, in whichever order they come', async () => {
    const morning: WrittenStatement = {
      id: '1',
      sequence: 1,
      from: '2026-02-02',
      opening: '0',
      closing: '5',
      entries: [five],
      iban: ibans[1] as string,
    };
    const noon = { ...morning, id: '2', sequence: 2, opening: '5', closing: '10' };
    const evening = { ...morning, id: '3', sequence: 3, opening: '10', closing: '15' };
    expect(await handIn(camt(noon))).toMatchObject({ added: 1, joins: ['first'] });
    expect(await handIn(camt(evening))).toMatchObject({ added: 1, joins: ['joined'] });
    expect(await handIn(camt(morning))).toMatchObject({ added: 1 });
    expect(await entriesOf('a2')).toEqual([500, 500, 500]);
  });

  test('P9 a day that ends as it began may be told once more, without being booked twice', async () => {
    const back: WrittenEntry = { amount: '-5.00', text: 'fee back', name: 'A' };
    const base = { iban: ibans[2] as string, from: '2026-02-02', opening: '0' };
    await handIn(camt({ ...base, id: 'x', closing: '0', entries: [five, back] }));
    const more = camt({ ...base, id: 'y', closing: '9', entries: [five, back, { amount: '9.00' }] });
    expect(await handIn(more)).toMatchObject({ added: 1, known: 2 });
    const other = camt({ ...base, id: 'z', opening: '9', closing: '14', entries: [five] });
    expect(await handIn(other)).toMatchObject({ added: 1, known: 0 });
    expect(await entriesOf('a3')).toEqual([-500, 500, 500, 900]);
  });

  test('P9 a statement that does not join is a task, until the missing one comes; missing numbers are named', async () => {
    const of = (sequence: number, day: string, opening: string, closing: string): WrittenStatement => ({
      id: `G${sequence}`,
      sequence,
      from: day,
      opening,
      closing,
      entries: [five],
      iban: ibans[3] as string,
    });
    const tasks = () =>
      bench.rows<{ outcome: string | null }>(
        `select outcome from task where kind = 'statement-gap' order by created_at`,
      );
    await handIn(camt(of(1, '2026-03-02', '0', '5')));
    const third = await handIn(camt(of(3, '2026-03-04', '10', '15')));
    expect(third.result.statements).toMatchObject([{ joins: 'gap', expected: '500', missing: ['2', '2'] }]);
    expect(await tasks()).toEqual([{ outcome: null }]);
    expect(await handIn(camt(of(2, '2026-03-03', '5', '10')))).toMatchObject({ joins: ['joined'] });
    expect(await tasks()).toEqual([{ outcome: 'dropped' }]);
  });

  test('P9 what was taken over otherwise before is refused: another content, another format', async () => {
    const known: WrittenStatement = {
      id: 'S1',
      sequence: 1,
      from: '2026-01-01',
      opening: '0',
      closing: '5',
      entries: [five],
    };
    const changed = { ...known, entries: [{ amount: '2.00' }, { amount: '3.00' }] };
    expect(await handIn(camt(changed))).toMatchObject({ state: 'rejected', mistakes: ['statement-changed'] });
    const swift = (from: string, to: string) =>
      Buffer.from(
        `:20:X\n:25:${iban}\n:28C:1\n:60F:C${from}EUR5,00\n:61:${to}C1,00NTRFX\n:62F:C${to}EUR6,00\n`,
      );
    await handIn(
      camt({ id: 'S9', from: '2026-01-05', to: '2026-01-09', opening: '5', closing: '5', entries: [] }),
    );
    expect(await handIn(swift('260106', '260107'))).toMatchObject({ mistakes: ['format-other'] });
    expect(await handIn(swift('260109', '260110'))).toMatchObject({ state: 'imported', added: 1 });
  });

  test('P9 a day that was taken over in one format is refused in another, and what goes on from its balance is not', async () => {
    const account = ibans[4] as string;
    const swift = (from: string, opening: string, closing: string) =>
      Buffer.from(
        `:20:X\n:25:${account}\n:28C:1\n:60F:C${from}EUR${opening}\n:61:260302C5,00NTRFX\n:62F:C260302EUR${closing}\n`,
      );
    const list = Buffer.from(
      'Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Kundenreferenz (End-to-End);Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;Betrag;Waehrung;Info\n02.03.26;02.03.26;GUT;fee;;A;;5,00;EUR;Umsatz gebucht\n',
    );
    const day = { id: 'D1', sequence: 1, from: '2026-03-02', entries: [five], iban: account };
    expect(await handIn(swift('260301', '0,00', '5,00'))).toMatchObject({ added: 1 });
    expect(await handIn(list, 'a5')).toMatchObject({ mistakes: ['format-other'] });
    expect(await handIn(camt({ ...day, opening: '0', closing: '5' }))).toMatchObject({
      mistakes: ['format-other'],
    });
    expect(await handIn(camt({ ...day, opening: '5', closing: '10' }))).toMatchObject({ added: 1 });
  });

  test('P9 a plain list is of the account it was handed in for, and may overlap', async () => {
    const head =
      'Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Kundenreferenz (End-to-End);Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;Betrag;Waehrung;Info';
    const line = (day: string) => `${day};${day};GUT;fee;;A;;5,00;EUR;Umsatz gebucht`;
    const list = (...days: readonly string[]) => Buffer.from([head, ...days.map(line), ''].join('\n'));
    expect(await handIn(list('01.07.26', '01.07.26'))).toMatchObject({ mistakes: ['account-unstated'] });
    expect(await handIn(list('01.07.26', '01.07.26'), 'a4')).toMatchObject({ added: 2, joins: ['unknown'] });
    expect(await handIn(list('01.07.26', '01.07.26', '02.07.26'), 'a4')).toMatchObject({
      added: 1,
      known: 2,
    });
    expect(await handIn(list('02.07.26'), 'a4')).toMatchObject({ added: 0, known: 1 });
  });

  test('P9 a library may want statements refused that do not join', async () => {
    const strict = await start('refuse');
    const kept = bench;
    bench = strict;
    try {
      await handIn(camt({ id: '1', from: '2026-01-01', opening: '0', closing: '5', entries: [five] }));
      const gap = await handIn(
        camt({ id: '3', from: '2026-01-03', opening: '10', closing: '15', entries: [five] }),
      );
      expect(gap.result.mistakes).toMatchObject([
        { code: 'statement-gap', value: '10.00 EUR', expected: '5.00 EUR' },
      ]);
      expect(await entriesOf('a0')).toEqual([500]);
    } finally {
      bench = kept;
      await strict.stop();
    }
  });

  test('A12 erasing a reader empties the entries that were booked for them, and the file they stand in', async () => {
    const entries = [
      { amount: '5.00', text: 'fee of Erna', name: 'Erna', ref: '1' },
      { amount: '5.00', text: 'fee of Otto', name: 'Otto', ref: '2' },
    ];
    const file = { id: 'E', from: '2026-08-08', opening: '0', closing: '10', entries, iban: 'R1998' };
    const { id } = await handIn(camt(file));
    await bench.endStatement({ fileId: id, now });
    const patron = uuid();
    await bench.rows(
      `insert into patron (id, library, card, name, language, user_group, created_at) values (?, 'demo', 'c1', 'Erna', 'de', 'adult', ?)`,
      [patron, new Date(now)],
    );
    await bench.orm.em.fork().transactional(async (tx) => {
      const journal = uuid();
      await tx.execute(
        `insert into journal (id, library, operation, kind, patron_id, entry_id, at, actor)
         select ?, 'demo', 'entry', 'payment-bank', ?, id, ?, 'system' from bank_entry where payer_name = 'Erna'`,
        [journal, patron, new Date(now)],
      );
      await tx.execute(
        `insert into posting (id, journal_id, account, amount, currency)
         values (gen_random_uuid(), ?, 'suspense:r1998', 500, 'EUR'), (gen_random_uuid(), ?, ?, -500, 'EUR')`,
        [journal, journal, `prepaid:${patron}`],
      );
    });
    const tables = personalTables.filter(({ table }) => ['statement_file', 'bank_entry'].includes(table));
    for (const { text, values } of tables.flatMap(({ erase }) =>
      erase.map((sql) => bind(sql, { patron, anonymous: patron, at: new Date(now) })),
    ))
      await bench.rows(text, values);
    const left = await bench.rows(
      `select payer_name as name, remittance from bank_entry where account = 'r1998' order by bank_ref`,
    );
    expect(left).toEqual([
      { name: null, remittance: '' },
      { name: 'Otto', remittance: 'fee of Otto' },
    ]);
    expect(await bench.rows('select content from statement_file where id = ?', [id])).toEqual([
      { content: null },
    ]);
    expect(await handIn(camt({ ...file, id: 'E2' }))).toMatchObject({ added: 0, known: 2 });
  });

  test('P9 two who hand in the same at the same instant take it over once', async () => {
    const day = (id: string, entries: readonly WrittenEntry[], closing: string): WrittenStatement => ({
      id,
      from: '2026-05-05',
      opening: '0',
      closing,
      entries,
      iban: 'R1999',
    });
    const files = [
      camt(day('a', [five], '5')),
      camt(day('b', [five, five], '10')),
      camt(day('c', [five], '5')),
    ];
    await Promise.all([...files, ...files].map((file) => handIn(file)));
    expect(await entriesOf('r1999')).toEqual([500, 500]);
  });

  test('P9 however a history is cut into files that overlap, each entry is booked once', async () => {
    let next = 0;
    const history = fc.array(
      fc.record({ amount: fc.constantFrom(1, 2, -1), day: fc.integer({ min: 1, max: 6 }) }),
      { minLength: 1, maxLength: 12 },
    );
    const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(history, cuts, async (entries, spans) => {
        const account = next;
        next += 1;
        const sorted = entries.toSorted((a, b) => a.day - b.day);
        const sum = (days: (day: number) => boolean) =>
          sorted.filter(({ day }) => days(day)).reduce((total, { amount }) => total + amount, 0);
        const date = (day: number) => `2026-06-0${day}`;
        const told = new Set<number>();
        for (const [index, [a, b]] of [...spans, [1, 6] as const].entries()) {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          for (let day = from; day <= to; day += 1) told.add(day);
          const within = sorted.filter(({ day }) => day >= from && day <= to);
          const done = await handIn(
            camt({
              id: `cut-${index}`,
              from: date(from),
              to: date(to),
              opening: String(sum((day) => day < from)),
              closing: String(sum((day) => day <= to)),
              entries: within.map(({ amount, day }) => ({
                amount: `${amount}`,
                on: date(day),
                text: 'same',
              })),
              iban: `R${account}`,
            }),
          );
          expect(done.state).toBe('imported');
          const expected = sorted.filter(({ day }) => told.has(day)).map(({ amount }) => amount * 100);
          const found = await entriesOf(`r${account}`);
          expect(found.toSorted((x, y) => x - y)).toEqual(expected.toSorted((x, y) => x - y));
        }
      }),
      { numRuns: 20 },
    );
  });
});
