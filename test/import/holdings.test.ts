import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { findHoldings } from '../../db/queries/holdings.ts';
import { openOrm } from '../../db/orm.ts';
import { reader } from '../../db/transaction.ts';
import { main } from '../../import/main.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { collection, iso2709, marcxml, type Field } from './marc-builder.ts';

let database: TestDatabase;
let orm: MikroORM;
let folder: string;
let told: { out: string; error: string };

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url });
  folder = await mkdtemp(join(tmpdir(), 'carrel-holdings-'));
});

afterAll(async () => {
  await orm?.close(true);
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  told = { out: '', error: '' };
  await orm.em.fork().execute('truncate ill_holding');
});

async function take(format: string, text: string | Uint8Array, ...flags: string[]): Promise<number> {
  const file = join(folder, 'given');
  await writeFile(file, text);
  const rejected = join(folder, 'rejected.jsonl');
  await rm(rejected, { force: true });
  told = { out: '', error: '' };
  return main(['--library', 'demo', '--format', format, '--rejected', rejected, ...flags, file], {
    environment: { DATABASE_URL: database.url },
    out: { write: (more: string) => (told.out += more) },
    error: { write: (more: string) => (told.error += more) },
    now: new Date('2026-11-22T09:00:00Z'),
  });
}

const rejections = () => readFile(join(folder, 'rejected.jsonl'), 'utf8');
const rows = () =>
  orm.em.fork().execute<Record<string, unknown>[]>('select *, xmin::text from ill_holding order by key');

const book = (id: string, ...more: Field[]): Field[] => [
  ['001', id],
  ['008', '260101s1948    gw            000 0 ger  '],
  ['020', '  ', 'a', '978-3-940000-01-9'],
  ['100', '1 ', 'a', 'Storm, Theodor.'],
  ['245', '14', 'a', 'Der Schimmelreiter /', 'c', 'Theodor Storm.'],
  ...more,
];

const journal = (id: string, ...more: Field[]): Field[] => [
  ['001', id],
  ['008', '260101c19989999gw            000 0 eng  '],
  ['022', '  ', 'a', '2750-0012'],
  ['245', '00', 'a', 'Journal of harbour history.'],
  ...more,
];

describe('I10 holdings in MARC', () => {
  test('I10 say by 852 whose they are; twice is as once', async () => {
    const records = Buffer.concat([
      iso2709({ fields: book('b1', ['852', '  ', 'a', 'harbour', 'h', 'Stor', 'i', '1']) }),
      iso2709({
        leader: '00000nas a2200000 a 4500',
        fields: journal('j1', ['852', '  ', 'a', 'DE-HARBOUR'], ['866', ' 0', 'a', 'v.1(1998)-v.20(2017)']),
      }),
    ]);
    expect(await take('holdings-marc', records)).toBe(0);
    expect(told.out).toBe('2 read: 2 new, 0 changed, 0 unchanged, 0 rejected\n');
    const [first, second] = await rows();
    expect(first).toMatchObject({
      peer: 'neighbour',
      call_number: 'Stor 1',
      record_id: 'b1',
      coverage: null,
    });
    expect(second).toMatchObject({
      coverage: [{ from: { date: '1998', volume: '1' }, to: { date: '2017', volume: '20' } }],
    });
    const before = await rows();
    expect(await take('holdings-marc', records)).toBe(0);
    expect(told.out).toBe('2 read: 0 new, 0 changed, 2 unchanged, 0 rejected\n');
    expect(await rows()).toEqual(before);
  });

  test('I10 nobody we know, and what the library has itself, is left out with a reason', async () => {
    const records = collection(
      marcxml({ fields: book('b1', ['852', '  ', 'a', 'DE-999']) }),
      marcxml({ fields: book('b2', ['852', '  ', 'a', 'DE-DEMO']) }),
      marcxml({ fields: book('b3', ['852', '  ', 'a', 'DE-999'], ['852', '  ', 'a', 'HARBOUR']) }),
    );
    await take('holdings-marcxml', records);
    expect(told.out).toContain('3 read: 1 new, 0 changed, 0 unchanged, 2 rejected\n');
    expect(await rejections()).toContain('852 $a: no peer is called DE-999');
    expect(await rejections()).toContain('no peer has it (852)');
  });

  test('I10 with --peer everything is this peer’s, with or without 852', async () => {
    const records = collection(
      marcxml({ fields: book('b1') }),
      marcxml({
        fields: book('b2', ['852', '  ', 'a', 'Main stacks', 'h', 'X 1'], ['852', '  ', 'h', 'X 2']),
      }),
    );
    await take('holdings-marcxml', records, '--peer', 'neighbour');
    expect((await rows()).map((row) => [row['record_id'], row['call_number']])).toEqual([
      ['b1', null],
      ['b2', 'X 1'],
    ]);
    expect(await take('holdings-marcxml', records, '--peer', 'nobody')).toBe(2);
    expect(told.error).toContain('The policy of demo has no peer nobody.');
  });

  test('I10 what a complete file does not state any more is removed; of other sources nothing', async () => {
    const both = collection(marcxml({ fields: book('b1') }), marcxml({ fields: book('b2') }));
    await take('holdings-marcxml', both, '--peer', 'neighbour');
    await take(
      'holdings-marcxml',
      collection(marcxml({ fields: book('b9') })),
      '--peer',
      'neighbour',
      '--source',
      'other',
    );
    const one = collection(marcxml({ fields: book('b2') }));
    await take('holdings-marcxml', one, '--peer', 'neighbour');
    expect(await rows()).toHaveLength(3);
    await take('holdings-marcxml', one, '--peer', 'neighbour', '--complete');
    expect(told.out).toContain('1 read: 0 new, 0 changed, 1 unchanged, 0 rejected, 1 removed\n');
    expect((await rows()).map((row) => row['record_id'])).toEqual(['b2', 'b9']);
  });
});

const header =
  'publication_title\tprint_identifier\tonline_identifier\tdate_first_issue_online\tnum_first_vol_online\tnum_first_issue_online\tdate_last_issue_online\tnum_last_vol_online\tnum_last_issue_online\ttitle_url\tfirst_author\ttitle_id\tembargo_info\tcoverage_depth\tnotes\tpublisher_name\tpublication_type';

const line = (...values: string[]) => values.join('\t');

describe('I10 holdings in KBART', () => {
  const file = [
    header,
    line(
      'Journal of harbour history',
      '2750-0012',
      '',
      '1998-01-01',
      '1',
      '1',
      '2005-12-31',
      '8',
      '4',
      'https://x.example/j',
      '',
      'jhh',
      '',
      'fulltext',
      '',
      'Hafen',
      'serial',
    ),
    line(
      'Journal of harbour history',
      '2750-0012',
      '',
      '2008',
      '11',
      '1',
      '',
      '',
      '',
      'https://x.example/j',
      '',
      'jhh',
      'P1Y',
      'fulltext',
      '',
      'Hafen',
      'serial',
    ),
    line(
      '"Quay" and other tales',
      '',
      '9783940000033',
      '',
      '',
      '',
      '',
      '',
      '',
      'https://x.example/q',
      'Hansen',
      '',
      '',
      'fulltext',
      '',
      'Hafen',
      'monograph',
    ),
    '',
  ].join('\r\n');

  test('I10 become runs with their embargo; twice is as once', async () => {
    expect(await take('kbart', `\uFEFF${file}`, '--peer', 'neighbour')).toBe(0);
    expect(told.out).toBe('3 read: 3 new, 0 changed, 0 unchanged, 0 rejected\n');
    const all = await rows();
    expect(
      all.map(({ title, coverage, lendable, copyable }) => ({ title, coverage, lendable, copyable })),
    ).toEqual([
      { title: '"Quay" and other tales', coverage: null, lendable: false, copyable: true },
      {
        title: 'Journal of harbour history',
        coverage: [
          {
            from: { date: '1998-01-01', volume: '1', issue: '1' },
            to: { date: '2005-12-31', volume: '8', issue: '4' },
          },
        ],
        lendable: false,
        copyable: true,
      },
      {
        title: 'Journal of harbour history',
        coverage: [{ from: { date: '2008', volume: '11', issue: '1' }, embargo: 'P1Y' }],
        lendable: false,
        copyable: true,
      },
    ]);
    await take('kbart', file, '--peer', 'neighbour');
    expect(told.out).toBe('3 read: 0 new, 0 changed, 3 unchanged, 0 rejected\n');
    expect(await rows()).toEqual(all);
    const found = await findHoldings(reader(orm), 'demo', ['issn:2750-0012']);
    expect(found).toHaveLength(2);
    expect(await findHoldings(reader(orm), 'zju', ['issn:2750-0012'])).toEqual([]);
  });

  test('I10 what is no KBART, and what is wrong with a row, is told', async () => {
    expect(await take('kbart', 'a\tb\n1\t2\n', '--peer', 'neighbour')).toBe(1);
    expect(told.error).toBe(
      'The file is no KBART: its first line, divided by tabs, has no column publication_title, title_url.\n',
    );
    expect(await take('kbart', Buffer.from(`\uFEFF${header}`, 'utf16le'), '--peer', 'neighbour')).toBe(1);
    expect(told.error).toContain('UTF-16');
    expect(await take('kbart', file)).toBe(2);
    const bad = [
      header,
      line('', '', '', 'May 98', '', '', '', '', '', 'u', '', '', 'soon', 'abstracts', '', '', 'serial'),
    ];
    await take('kbart', bad.join('\n'), '--peer', 'neighbour');
    const [row] = (await rejections()).trim().split('\n');
    expect(JSON.parse(row ?? '{}')).toMatchObject({
      line: 2,
      reasons: [
        'publication_title is missing',
        'embargo_info: soon is none; it is written as P1Y, R10Y or R10Y;P30D',
        'date_first_issue_online: May 98 is no date; it is written as 1998, 1998-05 or 1998-05-17',
        'coverage_depth: there are abstracts only',
      ],
    });
  });

  test('I10 many lines are taken in batches and found by an index', async () => {
    const many = Array.from({ length: 5000 }, (_, at) =>
      line(
        `Journal of things ${at}`,
        '',
        '',
        '1990',
        '1',
        '',
        '',
        '',
        '',
        `https://x.example/${at}`,
        '',
        `t${at}`,
        '',
        'fulltext',
        '',
        'P',
        'serial',
      ),
    );
    await take('kbart', [header, ...many].join('\n'), '--peer', 'neighbour');
    expect(told.out).toBe('5000 read: 5000 new, 0 changed, 0 unchanged, 0 rejected\n');
    await orm.em.fork().execute('analyze ill_holding');
    const plan = await orm.em
      .fork()
      .execute<Record<string, string>[]>(
        `explain select 1 from ill_holding where library = 'demo' and keys && (select array(select jsonb_array_elements_text('["title:journal of things 7|"]'::jsonb)))`,
      );
    expect(JSON.stringify(plan)).toContain('ill_holding_keys');
    expect(await findHoldings(reader(orm), 'demo', ['title:journal of things 7|'])).toHaveLength(1);
  });
});
