import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openOrm } from '../../db/orm.ts';
import { ensureLibraries } from '../../db/libraries.ts';
import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const orm = await openOrm({ databaseUrl: database.url });
  await ensureLibraries(orm, ['demo'], new Date());
  await orm.close(true);
});
afterAll(() => database.drop());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['api/main.ts'], { env: { PATH: process.env.PATH, ...environment } });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  return { child, output: () => output };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function answers(url: string, { child, output }: ReturnType<typeof start>): Promise<void> {
  for (let attempt = 0; attempt < 1_500 && child.exitCode === null; attempt += 1) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await delay(100);
  }
  throw new Error(`${url} does not answer: ${output()}`);
}

test('the API starts without its engine, says that it is not ready, and stops in order', async () => {
  const [port, metricsPort, nobody] = await Promise.all([freePort(), freePort(), freePort()]);
  const started = start({
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
    CARREL_SECRET: 's'.repeat(32),
    CARREL_PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    PUBLIC_URL: 'http://library.example',
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
  });
  const url = `http://127.0.0.1:${port}`;
  const { child, output } = started;
  await answers(`${url}/livez`, started);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, lacking: ['engine'] }]);
  expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toContain(
    'carrel_database_up 1',
  );

  // Asked whether it wants the body, the API has the request: whatever the machine does, it is under way.
  const underWay = request(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  });
  underWay.flushHeaders();
  await once(underWay, 'continue');
  child.kill('SIGTERM');
  const told = performance.now();
  underWay.end(JSON.stringify({ library: 'demo', card: '01234567', password: 'wrong' }));
  const [answer] = (await once(underWay, 'response')) as [IncomingMessage];
  expect(answer.resume().statusCode).toBe(401);
  expect(await ended(child)).toBe(0);
  expect(performance.now() - told).toBeLessThan(60_000);
  expect(output()).toContain('"msg":"stopped"');
});

test('the API that is not configured says everything that is wrong, and nothing else', async () => {
  const { child, output } = start({ PORT: 'eighty' });
  expect(await ended(child)).toBe(1);
  const lines = output().trim().split('\n');
  expect(lines[0]).toBe('The configuration has mistakes:');
  expect(lines.slice(1).every((line) => /^ {2}[A-Z_]+ .*$/.test(line))).toBe(true);
  expect(lines).toHaveLength(7);
});
