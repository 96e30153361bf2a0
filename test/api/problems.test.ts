import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { EngineUnavailable } from '../../api/commands-port.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { problemCodes, problemStatus } from '../../api/problem-codes.ts';
import { refusal } from '../../api/problem.ts';
import { route } from '../../api/route.ts';
import type { Route } from '../../api/route.ts';
import { problemSchema } from '../../api/schemas/problem.ts';
import { day, line } from '../../api/schemas/values.ts';
import { languages } from '../../domain/languages.ts';
import { startEdge } from './edge.ts';
import type { Answered, Edge } from './edge.ts';

const ok = { 200: { description: 'Fine.', body: z.strictObject({ given: z.unknown() }) } };

/** Routes that go wrong in every way there is. */
function brokenRoutes(deps: ApiDeps): Route[] {
  const thrower = (path: `/${string}`, error: () => unknown) =>
    route({ method: 'get', path, summary: 'Fails', access: 'public', responses: ok }).handle(async () => {
      throw error();
    });
  return [
    route({
      method: 'post',
      path: '/v1/echo/:id',
      summary: 'Says what it was given',
      access: 'public',
      params: z.strictObject({ id: z.uuid() }),
      query: z.strictObject({ limit: z.coerce.number().pipe(z.int().max(9)).optional() }),
      body: z.strictObject({
        name: line(20),
        age: z.int().min(0),
        nested: z.strictObject({ 'a/b': z.string() }).optional(),
        on: day.optional(),
        code: z
          .string()
          .regex(/^[a-z]+$/)
          .optional(),
        all: z.array(z.string()).min(1).max(2).optional(),
        one: z
          .union([
            z.strictObject({ form: z.strictObject({ title: line(9) }) }),
            z.strictObject({ link: line(9) }),
          ])
          .optional(),
      }),
      responses: ok,
    }).handle(async ({ body }) => ({ status: 200, body: { given: body } })),
    route({ method: 'get', path: '/v1/mine', summary: 'Mine', access: 'patron', responses: ok }).handle(
      async () => {
        throw refusal([
          { code: 'hold-limit', limit: 3, has: 3 },
          { code: 'fee-unpaid', paidUntil: '2026-03-31' },
        ]);
      },
    ),
    route({
      method: 'get',
      path: '/v1/text',
      summary: 'Text',
      access: 'public',
      query: z.strictObject({ text: z.string() }),
      responses: ok,
    }).handle(async ({ query }) => {
      const rows = await deps.orm.em.fork().execute('select ?::text', [query.text]);
      return { status: 200, body: { given: rows } };
    }),
    thrower('/v1/bug', () => new TypeError('the password of reader Kuroda is not a function')),
    thrower('/v1/engine', () => new EngineUnavailable(new Error('14 UNAVAILABLE'))),
    thrower(
      '/v1/refused-connection',
      () => new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNREFUSED' }) }),
    ),
  ];
}

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ routes: brokenRoutes });
});
afterAll(() => edge.stop());

const id = '0190b0a4-0000-7000-8000-000000000001';
const echo = `/v1/echo/${id}`;

function expectProblem(answered: Answered, status: number, code: string) {
  expect(answered.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answered).toMatchObject({ status, body: { status, code, type: `urn:carrel:problem:${code}` } });
  problemSchema.parse(answered.body);
  expect(answered.body.instance).toBe(`urn:uuid:${answered.headers.get('x-request-id')}`);
}

describe('a request that is not as it should be', () => {
  test('all mistakes of all parts are told at once, each with its place', async () => {
    const body = { name: '', age: -1, extra: true, nested: { 'a/b': 7 } };
    const answered = await edge.call('POST', `${echo}?limit=10&sort=up`, { body });
    expectProblem(answered, 422, 'invalid-input');
    const places = answered.body.errors.map(
      (error: { in: string; pointer: string }) => `${error.in}${error.pointer}`,
    );
    expect(places.toSorted()).toEqual([
      'body',
      'body/age',
      'body/name',
      'body/nested/a~1b',
      'query',
      'query/limit',
    ]);
  });

  test.each(languages)('G3 what people get wrong is told in words for people: %s', async (language) => {
    const told = async (body: object) => {
      const answered = await edge.call('POST', echo, { body, headers: { 'accept-language': language } });
      expectProblem(answered, 422, 'invalid-input');
      return answered.body.errors.map(
        ({ pointer, code, detail }: { pointer: string; code: string; detail: string }) => {
          expect(detail).not.toMatch(/string|array|undefined|expected (?:number|int)|>=|<=|\/\^/u);
          return [pointer, code];
        },
      );
    };
    expect(await told({})).toEqual([
      ['/name', 'field-required'],
      ['/age', 'field-required'],
    ]);
    expect(await told({ name: '', age: 1.5, on: '2026-02-30', code: 'Ä', all: [] })).toEqual([
      ['/name', 'field-required'],
      ['/age', 'number-not-whole'],
      ['/on', 'day-invalid'],
      ['/code', 'field-form'],
      ['/all', 'list-empty'],
    ]);
    expect(await told({ name: 'a\u0007', age: -1, all: ['a', 'b', 'c'] })).toEqual([
      ['/name', 'field-controls'],
      ['/age', 'number-too-small'],
      ['/all', 'list-too-long'],
    ]);
    expect(await told({ name: 'x'.repeat(21), age: 2 ** 60 })).toEqual([
      ['/name', 'field-too-long'],
      ['/age', 'number-too-large'],
    ]);
    const named = { name: 'a', age: 1 };
    expect(await told({ ...named, one: { form: { title: '' } } })).toEqual([
      ['/one/form/title', 'field-required'],
    ]);
    expect(await told({ ...named, one: { link: 'x'.repeat(10) } })).toEqual([
      ['/one/link', 'field-too-long'],
    ]);
    expect(await told({ name: 'half a character: \ud83d', age: 1 })).toEqual([['/name', 'field-controls']]);
  });

  test('bodies: not JSON, not an object, too large, another type, not UTF-8, a control character', async () => {
    const post = (raw: string | Uint8Array<ArrayBuffer>, headers = {}) =>
      edge.call('POST', echo, { raw, headers });
    expectProblem(await post('{"name":'), 400, 'invalid-json');
    expectProblem(await post('"text"'), 400, 'invalid-json');
    expectProblem(await post(JSON.stringify({ name: 'x'.repeat(70_000) })), 413, 'body-too-large');
    expectProblem(
      await post('name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported-media-type',
    );
    expectProblem(
      await post('{}', { 'content-type': 'application/json; charset=iso-8859-1' }),
      415,
      'unsupported-media-type',
    );
    expectProblem(await post('{}', { 'content-encoding': 'compress' }), 415, 'unsupported-media-type');
    expectProblem(await post('{"name":"a\\u0000b","age":1}'), 422, 'invalid-input');
    const without = await edge.call('POST', echo);
    expectProblem(without, 422, 'invalid-input');
    expect(without.body.errors).toMatchObject([{ pointer: '/name' }, { pointer: '/age' }]);
    expectProblem(await post('{"__proto__":{"admin":true},"name":"a","age":1}'), 422, 'invalid-input');
  });

  test('text the database cannot hold is the request’s mistake', async () => {
    expectProblem(await edge.call('GET', '/v1/text?text=nul%00'), 422, 'invalid-input');
  });

  test('addresses: unknown, an id that is none, an escape that is none', async () => {
    expectProblem(await edge.call('GET', '/v1/nothing'), 404, 'not-found');
    expectProblem(await edge.call('POST', '/v1/echo/7', { body: { name: 'a', age: 1 } }), 404, 'not-found');
    expectProblem(await edge.call('POST', '/v1/echo/%E0%A4', { body: {} }), 404, 'not-found');
    expectProblem(await edge.call('GET', '/V1/MINE'), 404, 'not-found');
  });

  test('methods: another one is refused with those there are, OPTIONS names them, HEAD has no body', async () => {
    const wrong = await edge.call('DELETE', echo);
    expectProblem(wrong, 405, 'method-not-allowed');
    expect(wrong.headers.get('allow')).toBe('POST, OPTIONS');
    const options = await edge.call('OPTIONS', '/v1/mine');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    const head = await edge.call('HEAD', '/livez');
    expect([head.status, head.body]).toEqual([200, '']);
  });
});

describe('what is told', () => {
  test('a refusal lists every reason with its numbers, in the reader’s language', async () => {
    const { token } = await edge.patron({ language: 'de' });
    const answered = await edge.call('GET', '/v1/mine', { token, headers: { 'accept-language': 'ja' } });
    expectProblem(answered, 409, 'hold-limit');
    expect(answered.headers.get('content-language')).toBe('de');
    expect(answered.body.reasons).toMatchObject([
      { code: 'hold-limit', limit: 3, has: 3, detail: expect.stringContaining('3') },
      { code: 'fee-unpaid', paidUntil: '2026-03-31', detail: expect.stringContaining('31. März 2026') },
    ]);
  });

  test('G3 a stranger is answered in the language the browser asks for, else in English', async () => {
    const titles = new Map<string, string>();
    for (const accept of ['ja', 'zh-CN,zh;q=0.9', 'de-AT', 'en', 'fr, *;q=0.1']) {
      const answered = await edge.call('GET', '/v1/nothing', { headers: { 'accept-language': accept } });
      titles.set(accept, `${answered.headers.get('content-language')}: ${answered.body.title}`);
    }
    expect(new Set([...titles.values()].map((each) => each.slice(0, 2)))).toEqual(new Set(languages));
    expect(titles.get('fr, *;q=0.1')).toBe(titles.get('en'));
  });

  test('G3 every problem has a status and a text in every language', () => {
    for (const code of problemCodes) {
      expect(problemStatus[code]).toBeGreaterThanOrEqual(400);
      for (const language of languages) expect(edge.deps.texts.problem(language, code).detail).not.toBe('');
    }
  });

  test('a mistake of the program says nothing of itself, and is in the log under the request’s name', async () => {
    const answered = await edge.call('GET', '/v1/bug');
    expectProblem(answered, 500, 'internal');
    expect(JSON.stringify(answered.body)).not.toMatch(/Kuroda|TypeError|\.ts/);
    const name = answered.headers.get('x-request-id') ?? '';
    expect(edge.logged.some((entry) => entry.includes(name) && entry.includes('TypeError'))).toBe(true);
  });

  test('a part that is down is 503, and when to come again', async () => {
    for (const [path, code] of [
      ['/v1/engine', 'engine-unavailable'],
      ['/v1/refused-connection', 'database-unavailable'],
    ]) {
      const answered = await edge.call('GET', path ?? '');
      expectProblem(answered, 503, code ?? '');
      expect(answered.headers.get('retry-after')).toBe('5');
    }
  });
});

describe('headers and log', () => {
  test('nothing is stored by others, framed, sniffed or loaded from elsewhere', async () => {
    const { token } = await edge.patron();
    const { headers } = await edge.call('GET', '/v1/mine', { token });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toContain('max-age');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('the log tells route, status and who by id, and nothing personal', async () => {
    const { token, id: patronId } = await edge.patron({ name: 'Kuroda Fumi' });
    edge.logged.length = 0;
    await edge.call('GET', '/v1/mine?email=fumi@example.org', { token, from: '203.0.113.77' });
    await edge.call('GET', '/v1/unknown/fumi@example.org', { token });
    const text = edge.logged.join('');
    expect(text).toContain(`"route":"/v1/mine"`);
    expect(text).toContain(`patron:${patronId}`);
    for (const personal of ['Kuroda', 'fumi', '203.0.113.77', token]) expect(text).not.toContain(personal);
  });
});
