import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { main } from '../../import/main.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { camt } from '../support/statements.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'carrel-import-'));
});
afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function run(content: Uint8Array, ...more: readonly string[]) {
  const file = join(folder, 'given.xml');
  await writeFile(file, content);
  const told = { out: '', error: '' };
  const code = await main(['--library', 'demo', '--format', 'statement', ...more, file], {
    environment: { DATABASE_URL: database.url },
    out: { write: (text: string) => (told.out += text) },
    error: { write: (text: string) => (told.error += text) },
    now: new Date('2026-11-22T09:00:00Z'),
  });
  return { code, ...told };
}

const file = (closing: string) =>
  camt({ id: 'S1', from: '2026-11-02', opening: '0', closing, entries: [{ amount: '12.00' }] });

test('P9 a bank’s file is taken over from the command line, once; one that is wrong says why', async () => {
  const first = await run(file('12'));
  expect(first).toMatchObject({ code: 0, error: '' });
  expect(first.out).toContain('main S1 2026-11-02 – 2026-11-02: 1 new, 0 known, 0 not booked');
  expect(await run(file('12'))).toEqual(first);
  expect(await run(file('13'))).toMatchObject({
    code: 1,
    out: '',
    error:
      'Line 2, Stmt[1]: The entries add up to 12.00 EUR; between opening and closing balance lie 13.00 EUR.\n',
  });
  expect(await run(Buffer.from('day,amount\n'), '--account', 'nowhere')).toMatchObject({ code: 1 });
});
