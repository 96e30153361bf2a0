import { expect, test } from '@jest/globals';
import { startEdge } from './edge.ts';

test('a database that is gone is 503 with Retry-After, not ready, still alive – and nobody sees why', async () => {
  const edge = await startEdge();
  const { token } = await edge.patron();
  expect(await edge.call('GET', '/readyz')).toMatchObject({
    status: 200,
    body: { ready: true, lacking: [] },
  });
  await edge.dropDatabase();
  const answered = await edge.call('GET', '/v1/me', { token });
  expect(answered).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
  expect(answered.headers.get('retry-after')).toBe('5');
  expect(JSON.stringify(answered.body)).not.toMatch(/postgres|connect|5432|does not exist/i);
  const ready = await edge.call('GET', '/readyz');
  expect(ready).toMatchObject({ status: 503, body: { lacking: ['database', 'migrations'] } });
  expect((await edge.call('GET', '/livez')).status).toBe(200);
  await edge.stop();
});

test('an engine that does not answer makes the service not ready', async () => {
  const edge = await startEdge();
  edge.engine.answer = () => {
    throw new Error('14 UNAVAILABLE');
  };
  expect(await edge.call('GET', '/readyz')).toMatchObject({ status: 503, body: { lacking: ['engine'] } });
  await edge.stop();
});
