import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditReport } from '../../db/invariants/report.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { after, type Story, tellStory } from './story.ts';

let bench: ActivityBench;
let story: Story;
beforeAll(async () => {
  bench = await startActivities();
  story = await tellStory(bench);
});
afterAll(() => bench.stop());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run audit` as an operator runs it, with nothing else in the environment than the database. */
function audit(options: string[], databaseUrl: string | undefined = bench.databaseUrl): Promise<Ended> {
  const env = { PATH: process.env.PATH, ...(databaseUrl && { DATABASE_URL: databaseUrl }) };
  return new Promise((resolve) => {
    execFile(process.execPath, ['db/audit.ts', ...options], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const moment = ['--now', new Date(after).toISOString(), '--grace', 'PT1H'];

test('G1 npm run audit says that all is well, for people and for machines', async () => {
  const [people, machines] = await Promise.all([audit([...moment]), audit([...moment, '--json'])]);
  expect(people).toMatchObject({ code: 0, stderr: '' });
  expect(people.stdout).toMatch(/All \d+ hold\.\n$/);
  expect(machines.code).toBe(0);
  const report: AuditReport = JSON.parse(machines.stdout);
  expect(report).toMatchObject({ broken: 0, at: new Date(after).toISOString() });
});

test('G1 npm run audit names what is broken and ends with 1', async () => {
  await bench.orm.em.fork().execute(`update loan set renewals = 1 where id = ?`, [story.openLoan]);
  const { code, stdout } = await audit([...moment]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/renewals-on-record +1 +BROKEN/);
  expect(stdout).toContain(`loan:${story.openLoan}`);
});

test('G1 npm run audit ends with 2 and a sentence when it cannot check', async () => {
  const [nowhere, misspelt, down] = await Promise.all([
    audit([], ''),
    audit(['--jsno']),
    audit([], 'postgresql://nobody@127.0.0.1:1/none'),
  ]);
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('DATABASE_URL is not set') });
  expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringContaining('--jsno') });
  expect(down).toMatchObject({ code: 2, stderr: expect.stringContaining('ECONNREFUSED') });
});
