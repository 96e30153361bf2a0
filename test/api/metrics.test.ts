import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { createMetrics, serveMetrics } from '../../api/metrics.ts';
import { Notice, Task } from '../../db/entities/index.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());

async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

async function addBusiness() {
  const at = new Date(edge.clock.now - 120_000);
  const patron = await edge.build.patron();
  const em = edge.orm.em.fork();
  const shared = { library: 'demo', patronId: patron.id, subjectType: 'hold', createdAt: at };
  for (const each of [1, 2])
    em.create(Notice, {
      ...shared,
      id: uuid(),
      subjectId: uuid(),
      kind: 'placed',
      cause: `c${each}`,
      channel: 'mail',
      state: 'queued',
      language: 'en',
      content: {},
      attempts: 0,
      failures: 0,
    });
  for (const due of [-60_000, 60_000])
    em.create(Task, {
      ...shared,
      id: uuid(),
      subjectId: uuid(),
      kind: 'phone-reader',
      workflowId: 'hold:x',
      dueAt: new Date(edge.clock.now + due),
    });
  await em.flush();
}

test('G1 the figures: requests by route, and what waits in the libraries', async () => {
  await addBusiness();
  await edge.orm.em.fork().execute(
    `insert into difference (id, library, key, kind, subject_type, subject_id, amount, currency, since, role, found_at)
     values (gen_random_uuid(), 'demo', 'a', 'bank-balance', 'account', 'giro', -1234, 'EUR', now(), 'administrator', now()),
       (gen_random_uuid(), 'demo', 'b', 'bank-gap', 'statement', 'x', 1, 'EUR', now(), 'cashier', now())`,
  );
  await edge.orm.em
    .fork()
    .execute(
      `insert into ill_peer (id, library, code, failing_since) values (gen_random_uuid(), 'demo', 'north', ?)`,
      [new Date(edge.clock.now - 60_000)],
    );
  await edge.orm.em.fork().execute(
    `insert into ill_message (id, library, peer, direction, name, says, request_ref, said_at, hash, body, state, stored_at)
     values (gen_random_uuid(), 'demo', 'north', 'out', 'request', 'New', 'R', now(), '', '{}', 'queued', now())`,
  );
  const metrics = createMetrics(edge.orm, () => edge.clock.now);
  metrics.answered({ method: 'GET', route: '/v1/holds/:id', status: 200, milliseconds: 12 });
  const served = await serveMetrics(metrics, 0);
  const url = `http://127.0.0.1:${served.port}/metrics`;
  const figures = await scrape(url);
  const labels = 'method="GET",route="/v1/holds/:id",status="200"';
  expect(figures.get(`carrel_http_request_duration_seconds_count{${labels}}`)).toBe(1);
  expect(figures.get('carrel_database_up')).toBe(1);
  expect(figures.get('carrel_notices_queued{library="demo"}')).toBe(2);
  expect(figures.get('carrel_notices_oldest_queued_seconds{library="demo"}')).toBe(120);
  expect(figures.get('carrel_tasks_open{library="demo"}')).toBe(2);
  expect(figures.get('carrel_tasks_overdue{library="demo"}')).toBe(1);
  expect(figures.get('carrel_messages_queued{library="demo",peer="north"}')).toBe(1);
  expect(figures.get('carrel_lines_failing_seconds{library="demo",peer="north"}')).toBe(60);
  const differing = 'carrel_reconciliation_difference_minor_units{library="demo",currency="EUR"}';
  expect(figures.get(differing)).toBe(1235);
  expect([...figures.keys()].some((name) => name.startsWith('process_cpu'))).toBe(true);
  expect((await fetch(`http://127.0.0.1:${served.port}/`)).status).toBe(404);

  await edge.dropDatabase();
  const without = await scrape(url);
  expect(without.get('carrel_database_up')).toBe(0);
  expect(without.has('carrel_notices_queued{library="demo"}')).toBe(false);
  served.close();
});
