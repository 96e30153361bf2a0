import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());

test('A8 a reader signs in with card and password, and the session opens what is the reader’s', async () => {
  const patron = await edge.build.patron();
  await edge.setPassword(patron.id, 'correct horse battery');
  const body = { library: 'demo', card: patron.card, password: 'correct horse battery' };
  const opened = await edge.call('POST', '/v1/sessions', { body });
  expect(opened).toMatchObject({ status: 201, body: { scope: 'full', holderId: patron.id } });
  const session = await edge.call('GET', '/v1/sessions/current', { token: opened.body.token });
  expect(session).toMatchObject({ status: 200, body: { kind: 'patron', library: 'demo' } });
});
