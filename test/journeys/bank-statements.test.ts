import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Answer, type Carrel, startCarrel, until } from '../support/carrel.ts';
import { camt } from '../support/statements.ts';

const path = '/v1/staff/bank-statements';

let carrel: Carrel;
let cashier: string;
beforeAll(async () => {
  carrel = await startCarrel();
  cashier = (await carrel.build.staff('cashier')).token;
}, 60_000);
afterAll(() => carrel.stop());

interface Given {
  readonly key?: string;
  readonly type?: string;
  readonly query?: string;
  readonly language?: string;
}

async function handIn(content: Uint8Array, given: Given = {}): Promise<Answer> {
  const { key = uuid(), type = 'application/xml', query = '?name=statement.xml', language = 'en' } = given;
  const response = await fetch(`${carrel.url}${path}${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${cashier}`,
      'idempotency-key': key,
      'content-type': type,
      'accept-language': language,
    },
    body: content,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const get = (where: string) => carrel.call(cashier, 'GET', where);
const finished = (id: string) =>
  until(
    () => get(`${path}/${id}`),
    ({ body }) => body.finished === true,
  );

const first = camt({
  id: 'S1',
  sequence: 1,
  from: '2026-11-02',
  opening: '100',
  closing: '108.50',
  entries: [
    { amount: '12.00', text: 'fees of Erika', name: 'Erika Mustermann', ref: 'B-1' },
    { amount: '-3.50', text: 'account fee' },
  ],
});

describe('P9 bank statements over HTTP', () => {
  test('P9 a file is handed in, taken over, matched and looked at; again, it answers the same', async () => {
    const key = uuid();
    const answered = await handIn(first, { key });
    expect(answered.status).toBe(200);
    expect(answered.body).toMatchObject({
      name: 'statement.xml',
      format: 'camt',
      state: 'imported',
      mistakes: [],
      statements: [
        { account: 'main', opening: '10000', closing: '10850', added: 2, known: 0, joins: 'first' },
      ],
    });
    const { id } = answered.body;
    const done = await finished(id);
    expect(done.body).toMatchObject({ waiting: 1, matched: 1 });
    expect((await handIn(first, { key })).body).toEqual({ ...done.body, known: false });
    expect((await handIn(first)).body).toEqual({ ...done.body, known: true });
    const list = await get(path);
    expect(list.body.items).toEqual([done.body]);
  });

  test('P9 entries are found by account, file, state, day, amount and text, in pages', async () => {
    const entries = '/v1/staff/bank-entries';
    const [newest] = (await get(`${entries}?limit=1`)).body.items;
    expect(newest).toMatchObject({
      account: 'main',
      bookedOn: '2026-11-02',
      currency: 'EUR',
      state: 'suspended',
    });
    const page = await get(`${entries}?limit=1`);
    const next = await get(page.body.next);
    expect(next.body.items).toHaveLength(1);
    expect(next.body.items[0].id).not.toBe(newest.id);
    const amounts = async (query: string) =>
      (await get(`${entries}?${query}`)).body.items.map(({ amount }: { amount: string }) => amount);
    expect(await amounts('q=erika')).toEqual(['1200']);
    expect(await amounts('q=B-1')).toEqual(['1200']);
    expect(await amounts('amountMinor=350')).toEqual(['-350']);
    expect(await amounts('from=2026-11-03')).toEqual([]);
    expect(await amounts('state=matched')).toEqual(['-350']);
    expect(await amounts(`file=${uuid()}`)).toEqual([]);
    expect(await amounts(`account=main&to=2026-11-02`)).toHaveLength(2);
  });

  test('P9 what is wrong with a file is told in the language of who asks, with its place', async () => {
    const wrong = Buffer.from(first.toString().replace('12.00', '12.005').replace('S1', 'S9'));
    const answered = await handIn(wrong, { language: 'de' });
    expect(answered.body).toMatchObject({
      state: 'rejected',
      finished: true,
      statements: [],
      mistakes: [
        {
          code: 'amount-decimals',
          line: 6,
          path: 'Stmt[1]/Ntry[1]/Amt',
          detail: '12.005 hat mehr Nachkommastellen als EUR.',
        },
      ],
    });
  });

  test('P9 a gap is told, and is a task of the cashier’s', async () => {
    const later = camt({
      id: 'S3',
      sequence: 3,
      from: '2026-11-04',
      opening: '110',
      closing: '110',
      entries: [],
    });
    const answered = await handIn(later);
    expect(answered.body.statements).toMatchObject([
      { joins: 'gap', expected: '10850', missing: ['2', '2'] },
    ]);
    const tasks = await get('/v1/staff/tasks?kind=statement-gap');
    expect(tasks.body.items).toMatchObject([{ kind: 'statement-gap' }]);
    const [{ id }] = tasks.body.items;
    const key = { 'idempotency-key': uuid() };
    const settle = (outcome: string) =>
      carrel.call(cashier, 'POST', `/v1/staff/tasks/${id}/resolution`, { outcome }, key);
    expect((await settle('settled')).status).toBe(200);
    expect((await get('/v1/staff/tasks?kind=statement-gap')).body.items).toEqual([]);
  });

  test('P9 only the cashier hands files in, of a kind and size that a statement has, for accounts there are', async () => {
    const desk = (await carrel.build.staff('desk')).token;
    expect((await carrel.call(desk, 'GET', path)).status).toBe(403);
    expect((await handIn(Buffer.from('{}'), { type: 'application/json' })).status).toBe(415);
    expect((await handIn(Buffer.alloc(20_000_001))).status).toBe(413);
    expect((await handIn(first, { query: '?account=nowhere' })).body).toMatchObject({
      code: 'bank-account-unknown',
    });
    expect((await get(`${path}/${uuid()}`)).body).toMatchObject({ code: 'statement-file-unknown' });
  });
});
