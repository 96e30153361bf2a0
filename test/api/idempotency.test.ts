import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { answer } from '../../api/answer.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { route } from '../../api/route.ts';
import type { Route } from '../../api/route.ts';
import { acceptedResponse } from '../../api/schemas/accepted.ts';
import { startEdge } from './edge.ts';
import type { Asked, Edge } from './edge.ts';

const made = z.strictObject({ id: z.uuid(), repeated: z.boolean() });

function routes({ commands }: ApiDeps): Route[] {
  const make = (path: '/v1/things' | '/v1/other/:id') =>
    route({
      method: 'post',
      path,
      summary: 'Make something',
      access: 'patron',
      idempotent: true,
      params: path === '/v1/things' ? z.strictObject({}) : z.strictObject({ id: z.uuid() }),
      body: z.strictObject({ a: z.int(), b: z.strictObject({ c: z.string(), d: z.string() }).optional() }),
      responses: { 201: { description: 'Made.', body: made } },
    }).handle(async ({ key }) => ({ status: 201, body: key }));
  return [
    make('/v1/things'),
    make('/v1/other/:id'),
    route({
      method: 'post',
      path: '/v1/commands',
      summary: 'Asks the engine',
      access: 'patron',
      responses: { 200: { description: 'Done.', body: z.unknown() }, 202: acceptedResponse },
    }).handle(async () =>
      answer(commands.run('liftBlock', {} as never, 'key'), '/v1/things/1', (result) => ({
        status: 200,
        body: result,
      })),
    ),
  ];
}

let edge: Edge;
let token: string;
beforeAll(async () => {
  edge = await startEdge({ routes });
  ({ token } = await edge.patron());
});
afterAll(() => edge.stop());

const post = (key: string | undefined, body: unknown, asked: Asked & { path?: string } = {}) =>
  edge.call('POST', asked.path ?? '/v1/things', {
    token,
    ...asked,
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });

describe('Idempotency-Key', () => {
  test('is needed where something is made', async () => {
    expect(await post(undefined, { a: 1 })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-missing' },
    });
  });

  test('is 1–200 visible ASCII characters, in quotes or not', async () => {
    for (const bad of ['""', 'a b', 'x'.repeat(201), 'gr\u00fcn'])
      expect(await post(bad, { a: 1 })).toMatchObject({
        status: 422,
        body: { errors: [{ in: 'header', pointer: '/idempotency-key' }] },
      });
    expect((await post('x'.repeat(200), { a: 1 })).status).toBe(201);
    const plain = await post('quoted-or-not', { a: 1 });
    expect((await post('"quoted-or-not"', { a: 1 })).body.id).toBe(plain.body.id);
  });

  test('the same request under the same key gets the same id, and says that it is a repetition', async () => {
    const first = await post('one', { a: 1, b: { c: 'x', d: 'y' } });
    expect([first.body.repeated, first.headers.get('idempotency-replayed')]).toEqual([false, null]);
    const again = await post('one', { b: { d: 'y', c: 'x' }, a: 1 });
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id, repeated: true } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('another request under the same key is refused, and changes nothing', async () => {
    const first = await post('two', { a: 1 });
    expect(await post('two', { a: 2 })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect((await post('two', { a: 1 })).body.id).toBe(first.body.id);
    const of = (id: string) => `/v1/other/0190b0a4-0000-7000-8000-00000000000${id}`;
    expect((await post('three', { a: 1 }, { path: of('1') })).status).toBe(201);
    expect((await post('three', { a: 1 }, { path: of('2') })).status).toBe(422);
  });

  test('a request with mistakes does not use the key up', async () => {
    expect((await post('four', { a: 'x' })).status).toBe(422);
    expect((await post('four', { a: 1 })).body.repeated).toBe(false);
  });

  test('keys of different callers and routes never meet', async () => {
    const mine = await post('five', { a: 1 });
    const other = await edge.patron();
    const theirs = await post('five', { a: 2 }, { token: other.token });
    const elsewhere = await post(
      'five',
      { a: 3 },
      { path: '/v1/other/0190b0a4-0000-7000-8000-000000000001' },
    );
    expect(new Set([mine.body.id, theirs.body.id, elsewhere.body.id]).size).toBe(3);
    expect([theirs.body.repeated, elsewhere.body.repeated]).toEqual([false, false]);
  });

  test('of the same request many times at once, all get the same id and one is the first', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => post('at-once', { a: 1 })));
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1);
    expect(all.filter(({ body }) => !body.repeated)).toHaveLength(1);
    const mixed = await Promise.all([1, 2, 1, 2].map((a) => post('at-once-too', { a })));
    expect(mixed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 422, 422]);
  });
});

describe('a command’s outcome', () => {
  test('done, refused with every reason, or taken without an answer yet', async () => {
    const ask = () => edge.call('POST', '/v1/commands', { token });
    edge.engine.answer = () => ({ outcome: 'done', result: { fine: true } });
    expect(await ask()).toMatchObject({ status: 200, body: { fine: true } });
    edge.engine.answer = () => ({
      outcome: 'refused',
      refused: [{ code: 'block-lifted' }, { code: 'patron-closed' }],
    });
    expect(await ask()).toMatchObject({
      status: 409,
      body: { code: 'block-lifted', reasons: [{}, { code: 'patron-closed' }] },
    });
    edge.engine.answer = () => ({ outcome: 'accepted' });
    const accepted = await ask();
    expect(accepted).toMatchObject({ status: 202, body: { state: 'accepted', location: '/v1/things/1' } });
    expect(accepted.headers.get('location')).toBe('/v1/things/1');
  });
});
