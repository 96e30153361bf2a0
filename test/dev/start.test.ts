import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dev/ports.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { devServer } from '../support/temporal.ts';

const main = fileURLToPath(new URL('stand-ins/start.ts', import.meta.url));

interface Start {
  process: ChildProcess;
  port: number;
  workerPort: number;
  output: () => string;
  /** Its exit code. */
  ended: Promise<number>;
}

interface Note {
  pid: number;
  command: string;
}

describe('a start', () => {
  let database: TestDatabase;
  let temporal: string;
  let folder: string;
  let running: Start[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    ({ address: temporal } = await devServer());
    folder = await mkdtemp(join(tmpdir(), 'carrel-start-'));
  });
  afterEach(async () => {
    for (const { process: child } of running) child.kill('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
    running = [];
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await database.drop();
  });

  async function start(env: NodeJS.ProcessEnv = {}): Promise<Start> {
    const names = [
      'PORT',
      'METRICS_PORT',
      'WORKER_METRICS_PORT',
      'MAILBOX_PORT',
      'MAILBOX_SMTP_PORT',
      'GATEWAY_PORT',
    ];
    const ports = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, String(await freePort())])),
    );
    const given = {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal,
      DEMO_CARD: '01234567',
      CARREL_DATA: folder,
    };
    const child = spawn(process.execPath, [main], { env: { ...process.env, ...given, ...ports, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(child, 'close').then(([code]) => Number(code));
    const started = {
      process: child,
      port: Number(ports.PORT),
      workerPort: Number(ports.WORKER_METRICS_PORT),
      output: () => output,
      ended,
    };
    running.push(started);
    return started;
  }

  async function told({ output }: Start, text: string): Promise<void> {
    const deadline = Date.now() + 150_000;
    while (!output().includes(text)) {
      if (Date.now() > deadline) throw new Error(`"${text}" was not told, but: ${output()}`);
      await sleep(50);
    }
  }

  test('tells its stages and addresses, and stops when told to', async () => {
    const one = await start();
    await told(one, 'Ctrl-C stops it');
    expect(one.output()).toMatch(
      /✓ PostgreSQL .*✓ Temporal .*✓ Mailbox .*✓ Migrations .*✓ Demo library .*✓ Worker .*✓ API /s,
    );
    expect(one.output()).toContain(`http://localhost:${one.port}/docs`);
    expect(one.output()).toMatch(/ {4}01234567 +secret +花子 \(ja\)\n {4}desk +secret +Doris \(desk\)\n/);
    one.process.kill('SIGINT');
    expect(await one.ended).toBe(0);
    await expect(fetch(`http://127.0.0.1:${one.port}/`)).rejects.toThrow('fetch failed');
  });

  test('on data that are in use says so in one sentence', async () => {
    const one = await start();
    await told(one, 'Ctrl-C stops it');
    const two = await start();
    expect(await two.ended).toBe(1);
    expect(two.output().trim()).toBe(
      `Carrel already runs on ${folder} (process ${one.process.pid}): stop it first, or set CARREL_DATA to another folder.`,
    );
  });

  test('after one that was killed ends what that one left behind', async () => {
    const one = await start();
    await told(one, 'Ctrl-C stops it');
    one.process.kill('SIGKILL');
    await one.ended;
    expect((await fetch(`http://127.0.0.1:${one.port}/`)).ok).toBe(true);
    const two = await start({ PORT: String(one.port) });
    await told(two, 'Ctrl-C stops it');
  });

  test('of which the worker is killed says so in one sentence and starts it again', async () => {
    const one = await start();
    await told(one, 'Ctrl-C stops it');
    const notes = JSON.parse(await readFile(join(folder, 'processes.json'), 'utf8')) as Note[];
    const worker = notes.find(({ command }) => command.endsWith('worker.ts'));
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    await told(one, 'The worker runs again.');
    expect(one.output()).toContain('\nThe worker was ended by SIGKILL. It is started again in 0.1 s.\n');
    expect((await fetch(`http://127.0.0.1:${one.workerPort}/readyz`)).ok).toBe(true);
    expect((await fetch(`http://127.0.0.1:${one.port}/`)).ok).toBe(true);
    one.process.kill('SIGINT');
    expect(await one.ended).toBe(0);
    await expect(fetch(`http://127.0.0.1:${one.workerPort}/`)).rejects.toThrow('fetch failed');
  });

  test('of which a part keeps ending gives it up: says which and why, stops the rest and fails', async () => {
    const one = await start();
    await told(one, 'Ctrl-C stops it');
    const fall = () => fetch(`http://127.0.0.1:${one.port}/fall`).catch(() => undefined);
    for (const delay of ['0.1', '0.2']) {
      await fall();
      await told(one, `The API ended with code 7. It is started again in ${delay} s.\nThe API runs again.`);
    }
    await fall();
    expect(await one.ended).toBe(1);
    expect(one.output()).toMatch(
      /The API ended with code 7\. Its last lines \(.*api\.log\):\nOut of luck\n\nIt has ended 3 times in a row, and is not started again\./,
    );
    await expect(fetch(`http://127.0.0.1:${one.workerPort}/`)).rejects.toThrow('fetch failed');
  });

  test('with a database that is down says so in one sentence', async () => {
    const one = await start({ DATABASE_URL: 'postgresql://carrel@127.0.0.1:1/carrel' });
    expect(await one.ended).toBe(1);
    expect(one.output()).toContain(
      'The database in DATABASE_URL cannot be used: connect ECONNREFUSED 127.0.0.1:1.',
    );
    expect(one.output()).not.toMatch(/^\s+at /m);
  });
});
