import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EngineUnavailable } from '../../api/commands-port.ts';
import { type Edge, startEdge } from './edge.ts';

/** What readers are told when the engine does not decide at once. */
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());
beforeEach(() => {
  edge.engine.asked.length = 0;
});

const wish = { pickupPlace: 'main', contact: 'none' };

async function withCart(titles: number) {
  const reader = await edge.patron();
  const ids: string[] = [];
  for (let n = 0; n < titles; n += 1) {
    const title = await edge.build.title();
    await edge.build.item(title.id, { state: 'on-loan' });
    edge.clock.now += 1;
    await edge.call('PUT', `/v1/me/cart/${title.id}`, { token: reader.token, body: {} });
    ids.push(title.id);
  }
  const confirm = () =>
    edge.call('POST', '/v1/me/cart/confirmations', {
      token: reader.token,
      body: wish,
      headers: { 'idempotency-key': 'confirm' },
    });
  const cart = async () => (await edge.call('GET', '/v1/me/cart', { token: reader.token })).body.items;
  return { ids, confirm, cart };
}

const asked = () => edge.engine.asked.map(({ given }) => (given as { titleId: string; holdId: string }[])[0]);
const outcomes = (body: { lines: { outcome: string }[] }) => body.lines.map(({ outcome }) => outcome);

test('H1 a hold the engine keeps but nobody has decided yet: 202, and where to look', async () => {
  edge.engine.answer = () => ({ outcome: 'accepted' });
  const reader = await edge.patron();
  const title = await edge.build.title();
  const place = () =>
    edge.call('POST', '/v1/holds', {
      token: reader.token,
      body: { titleId: title.id, ...wish },
      headers: { 'idempotency-key': 'k' },
    });
  const accepted = await place();
  expect(accepted.status).toBe(202);
  expect(accepted.body).toEqual({ state: 'accepted', location: accepted.headers.get('location') });
  expect((await place()).body).toEqual(accepted.body);
  expect((await edge.call('GET', accepted.body.location, { token: reader.token })).body.code).toBe(
    'hold-unknown',
  );
});

test('H3 lines that nobody has decided yet are told so and stay in the cart; the others are handed over all the same', async () => {
  const { ids, confirm, cart } = await withCart(4);
  const decided = [{ outcome: 'done', result: {} }, { outcome: 'accepted' }];
  edge.engine.answer = () => decided.shift() ?? { outcome: 'accepted' };
  const { body } = await confirm();
  expect(outcomes(body)).toEqual(['done', 'accepted', 'accepted', 'accepted']);
  expect(asked().map((each) => each?.titleId)).toEqual(ids);
  expect((await cart()).map((line: { title: { id: string } }) => line.title.id)).toEqual(ids.slice(1));
});

test('H3 an engine that fails half way: 503, and the same confirmation goes on with the same lines under the same ids', async () => {
  const { ids, confirm, cart } = await withCart(3);
  edge.engine.answer = () => {
    if (edge.engine.asked.length === 2) throw new EngineUnavailable(new Error('gone'));
    return { outcome: 'done', result: {} };
  };
  const failed = await confirm();
  expect(failed).toMatchObject({ status: 503, body: { code: 'engine-unavailable' } });
  expect(await cart()).toHaveLength(2);
  const first = asked();
  edge.engine.asked.length = 0;
  edge.engine.answer = () => ({ outcome: 'done', result: {} });
  expect(outcomes((await confirm()).body)).toEqual(['done', 'done', 'done']);
  expect(asked().map((each) => each?.titleId)).toEqual(ids);
  expect(asked().slice(0, 2)).toEqual(first);
  expect(await cart()).toEqual([]);
});
