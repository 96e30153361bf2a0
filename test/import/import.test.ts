import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { openOrm } from '../../db/orm.ts';
import { main } from '../../import/main.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { collection, dazai, iso2709, marcxml, someBook } from './marc-builder.ts';

let database: TestDatabase;
let orm: MikroORM;
let folder: string;
let told: { out: string; error: string };

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url });
  folder = await mkdtemp(join(tmpdir(), 'carrel-import-'));
});

afterAll(async () => {
  await orm?.close(true);
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  told = { out: '', error: '' };
});

function sql<T extends object>(query: string, values: unknown[] = []): Promise<T[]> {
  return orm.em.fork().execute<T[]>(query, values);
}

interface Run {
  readonly environment?: Record<string, string>;
  readonly flags?: readonly string[];
  readonly now?: string;
}

async function run(argv: readonly string[], { environment = {}, now = '2026-11-22T09:00:00Z' }: Run = {}) {
  return main(argv, {
    environment: { DATABASE_URL: database.url, ...environment },
    out: { write: (text: string) => (told.out += text) },
    error: { write: (text: string) => (told.error += text) },
    now: new Date(now),
  });
}

async function importText(format: string, text: string | Uint8Array, options: Run = {}) {
  const file = join(folder, `given-${format}`);
  await writeFile(file, text);
  const rejected = join(folder, 'rejected.jsonl');
  await rm(rejected, { force: true });
  return run(
    ['--library', 'demo', '--format', format, '--rejected', rejected, ...(options.flags ?? []), file],
    options,
  );
}

async function readRejected(extension = '.jsonl'): Promise<string> {
  return readFile(join(folder, `rejected${extension}`), 'utf8');
}

/** Every column of a table as it stands, to see that nothing at all has changed. */
function contents(table: string) {
  return sql(`select *, xmin::text from ${table} order by id`);
}

const titles = Buffer.concat([iso2709({ fields: someBook }), iso2709({ fields: dazai })]);

describe('titles', () => {
  test('are new at first, then unchanged: the second time writes nothing', async () => {
    expect(await importText('marc21', titles)).toBe(0);
    expect(told.out).toBe('2 read: 2 new, 0 changed, 0 unchanged, 0 rejected\n');
    const before = await contents('title');
    told.out = '';
    expect(await importText('marc21', titles, { now: '2027-01-01T00:00:00Z' })).toBe(0);
    expect(told.out).toBe('2 read: 0 new, 0 changed, 2 unchanged, 0 rejected\n');
    expect(await contents('title')).toEqual(before);
    expect(before).toHaveLength(2);
  });

  test('of the other format are the same titles', async () => {
    await importText('marcxml', collection(marcxml({ fields: someBook }), marcxml({ fields: dazai })));
    expect(told.out).toBe('2 read: 0 new, 0 changed, 2 unchanged, 0 rejected\n');
  });

  test('that changed keep their row', async () => {
    const [before] = await sql<{ id: string }>(`select id from title where control_number = 'b1'`);
    await importText(
      'marc21',
      iso2709({ fields: [...someBook.slice(0, 2), ['245', '00', 'a', 'Another title']] }),
    );
    expect(told.out).toBe('1 read: 0 new, 1 changed, 0 unchanged, 0 rejected\n');
    const after = await sql(`select id, title from title where control_number = 'b1'`);
    expect(after).toEqual([{ id: before?.id, title: 'Another title' }]);
  });

  test('that are wrong go to a file with their reasons, and as they are to another', async () => {
    const wrong = iso2709({
      fields: [
        ['001', 'w1'],
        ['003', 'XX'],
      ],
    });
    expect(
      await importText('marc21', Buffer.concat([wrong, iso2709({ fields: dazai }), Buffer.from('rest')])),
    ).toBe(0);
    expect(told.out).toContain('3 read: 0 new, 0 changed, 1 unchanged, 2 rejected');
    expect(told.out).toContain(join(folder, 'rejected.jsonl'));
    const lines = (await readRejected()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { position: 1, controlNumber: 'w1', reasons: ['there is no title (245)'] },
      { position: 3, reasons: ['the file ends before the record does'] },
    ]);
    expect(await readRejected('.mrc')).toBe(`${wrong.toString()}rest`);
  });

  test('that are wrong fail the run where asked for', async () => {
    expect(await importText('marc21', Buffer.from('rest'), { flags: ['--strict'] })).toBe(1);
  });

  test('in batches: more than one is stored whole', async () => {
    const many = Array.from({ length: 1203 }, (_, at) =>
      iso2709({ fields: [['001', `many-${at}`], ...someBook.slice(1)] }),
    );
    await importText('marc21', Buffer.concat(many));
    expect(told.out).toBe('1203 read: 1203 new, 0 changed, 0 unchanged, 0 rejected\n');
  });
});

describe('items', () => {
  const header = 'barcode,control_number,branch,shelf_mark,for_loan\n';

  test('stand available in their branch, and are unchanged the second time', async () => {
    await importText('items', `${header}i1,b2,main,X 1,yes\ni2,b2,north,,no\n`);
    expect(told.out).toContain('2 new');
    const before = await contents('item');
    expect(before).toMatchObject([
      {
        barcode: 'i1',
        branch: 'main',
        at_branch: 'main',
        state: 'available',
        shelf_mark: 'X 1',
        for_loan: true,
      },
      {
        barcode: 'i2',
        branch: 'north',
        at_branch: 'north',
        state: 'available',
        shelf_mark: null,
        for_loan: false,
      },
    ]);
    told.out = '';
    await importText('items', `${header}i1,b2,main,X 1,yes\ni2,b2,north,,no\n`, {
      now: '2027-01-01T00:00:00Z',
    });
    expect(told.out).toBe('2 read: 0 new, 0 changed, 2 unchanged, 0 rejected\n');
    expect(await contents('item')).toEqual(before);
  });

  test('keep state, place and whatever the file has no column for', async () => {
    await sql(`update item set state = 'missing', at_branch = 'north' where barcode = 'i1'`);
    await importText('items', 'barcode,control_number,branch\ni1,b2,north\ni2,b2,north\n');
    expect(told.out).toBe('2 read: 0 new, 1 changed, 1 unchanged, 0 rejected\n');
    expect(await contents('item')).toMatchObject([
      {
        barcode: 'i1',
        branch: 'north',
        at_branch: 'north',
        state: 'missing',
        shelf_mark: 'X 1',
        for_loan: true,
      },
      { barcode: 'i2', for_loan: false },
    ]);
  });

  test('L5 say what they cost to replace, and keep it when a file does not', async () => {
    await importText('items', 'barcode,control_number,branch,price\ni1,b2,north,29.80\n');
    await importText('items', 'barcode,control_number,branch\ni1,b2,north\n');
    const [item] = (await contents('item')) as { barcode: string; price: unknown }[];
    expect([item?.barcode, Number(item?.price)]).toEqual(['i1', 2980]);
  });

  test('without a title, of another title or of another kind are rejected with every reason', async () => {
    await importText(
      'items',
      'barcode,control_number,branch,kind\ni9,nowhere,main,\ni1,b1,main,audiovisual\ni3,b1,main,book\n',
    );
    expect(told.out).toContain('3 read: 1 new, 0 changed, 0 unchanged, 2 rejected');
    const lines = (await readRejected()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { position: 1, barcode: 'i9', reasons: ['control_number: the catalogue has no title nowhere'] },
      {
        position: 2,
        barcode: 'i1',
        reasons: [
          'kind: the title b1 is book in the catalogue',
          'barcode: it belongs to another title in the catalogue',
        ],
      },
    ]);
  });
});

describe('readers', () => {
  const header = 'card,name,group,email,language,paid_until\n';
  const two = `${header}01000001,佐藤 花子,adult,a@example.org,ja,2027-03-31\n01000002,"=cmd|' /C calc'!A0",child,,,\n`;

  test('are new at first and unchanged the second time', async () => {
    await importText('readers', two);
    expect(told.out).toContain('2 new');
    const before = await contents('patron');
    expect(before).toMatchObject([
      {
        card: '01000001',
        name: '佐藤 花子',
        email: 'a@example.org',
        email_state: 'confirmed',
        language: 'ja',
      },
      { card: '01000002', name: "=cmd|' /C calc'!A0", email: null, email_state: 'none', language: 'en' },
    ]);
    told.out = '';
    await importText('readers', two);
    expect(told.out).toBe('2 read: 0 new, 0 changed, 2 unchanged, 0 rejected\n');
    expect(await contents('patron')).toEqual(before);
  });

  test('A11 an address that failed stays failing until another one comes', async () => {
    await sql(`update patron set email_state = 'failing' where card = '01000001'`);
    const state = () => sql(`select email, email_state from patron where card = '01000001'`);
    await importText('readers', two.replace('adult', 'child'));
    expect(await state()).toEqual([{ email: 'a@example.org', email_state: 'failing' }]);
    await importText('readers', two.replace('a@example.org', 'b@example.org'));
    expect(await state()).toEqual([{ email: 'b@example.org', email_state: 'confirmed' }]);
    await importText('readers', two.replace('a@example.org', ''));
    expect(await state()).toEqual([{ email: null, email_state: 'none' }]);
  });

  test('F3 a file does not take back what was paid here', async () => {
    await importText('readers', two);
    const [patron] = await sql<{ id: string }>(`select id from patron where card = '01000001'`);
    await sql(
      `with period as (insert into membership_period (id, library, patron_id, due_on, state, starts_on, ends_on, raised_at, settled_at)
         values (gen_random_uuid(), 'demo', ?, '2027-04-01', 'exempt', '2027-04-01', '2028-03-31', now(), now()) returning id)
       insert into membership_cover (period_id, patron_id, before, until) select id, ?, '2027-03-31', '2028-03-31' from period`,
      [patron?.id, patron?.id],
    );
    await sql(`update patron set paid_until = '2028-03-31' where card = '01000001'`);
    const until = async () =>
      (
        await sql<{ until: string }>(`select paid_until::text as until from patron where card = '01000001'`)
      )[0]?.until;
    await importText('readers', two.replace('adult', 'child'));
    expect(await until()).toBe('2028-03-31');
    await importText('readers', two.replace('2027-03-31', '2030-01-31'));
    expect(await until()).toBe('2030-01-31');
    await sql('delete from membership_cover');
    await sql('delete from membership_period');
    await importText('readers', two);
    expect(await until()).toBe('2027-03-31');
  });

  test('keep what the file has no column for', async () => {
    await importText('readers', two);
    await importText('readers', 'card,name,group\n01000001,佐藤 花,adult\n');
    expect(told.out).toContain('1 changed');
    const [row] = await sql(
      `select name, email, email_state, language, paid_until::text from patron where card = '01000001'`,
    );
    expect(row).toEqual({
      name: '佐藤 花',
      email: 'a@example.org',
      email_state: 'confirmed',
      language: 'ja',
      paid_until: '2027-03-31',
    });
  });
});

describe('what cannot be used is told in a sentence', () => {
  test.each([
    [['--format', 'marc21', 'x'], '--library is missing.'],
    [['--library', 'nowhere', '--format', 'marc21', 'x'], 'There is no policy for a library nowhere.'],
    [
      ['--library', 'demo', '--format', 'unimarc', 'x'],
      '--format must be one of marc21, marcxml, items, readers, statement, holdings-marc, holdings-marcxml, kbart.',
    ],
    [['--library', 'demo', '--format', 'items'], 'Name one file to import.'],
    [['--library', 'demo', '--format', 'items', '--colour', 'x'], '--colour'],
  ])('arguments %j', async (argv, message) => {
    expect(await run(argv)).toBe(2);
    expect(told.error).toContain(message);
    expect(told.error).toContain('npm run import');
  });

  test('no database', async () => {
    expect(
      await run(['--library', 'demo', '--format', 'items', 'x'], { environment: { DATABASE_URL: '' } }),
    ).toBe(2);
    expect(told.error).toContain('Set DATABASE_URL');
  });

  test('a database that does not answer', async () => {
    const environment = { DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/none' };
    expect(await importText('items', 'barcode,control_number,branch\n', { environment })).toBe(1);
    expect(told.error).toBe('The database does not answer at DATABASE_URL.\n');
  });

  test('no such file', async () => {
    expect(await run(['--library', 'demo', '--format', 'items', join(folder, 'none')])).toBe(1);
    expect(told.error).toBe(`${join(folder, 'none')}: there is no such file or folder.\n`);
  });

  test('a file of another kind', async () => {
    expect(await importText('marcxml', titles)).toBe(1);
    expect(told.error).toBe('The file is not XML.\n');
  });

  test('help', async () => {
    expect(await run(['--help'])).toBe(0);
    expect(told.out).toContain('--library CODE');
  });
});
