import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Notice } from '../../db/entities/index.ts';
import { startEdge } from './edge.ts';
import type { Answered, Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());

type Given = Partial<Pick<Notice, 'kind' | 'state' | 'createdAt' | 'bodyText' | 'bodyHtml'>>;

async function notice(patronId: string, given: Given = {}): Promise<Notice> {
  const em = edge.orm.em.fork();
  const id = uuid();
  const row = em.create(Notice, {
    id,
    library: 'demo',
    patronId,
    kind: 'placed',
    subjectType: 'hold',
    subjectId: id,
    cause: 'placed',
    channel: 'mail',
    state: 'sent',
    language: 'en',
    recipient: 'reader@example.org',
    subject: 'Your hold has been placed',
    bodyText: 'We have placed your hold.',
    bodyHtml: '<p>We have placed your hold.</p>',
    content: {},
    attempts: 1,
    failures: 0,
    createdAt: new Date(edge.clock.now),
    ...given,
  } as Notice);
  await em.flush();
  return row;
}

describe('A7 the account', () => {
  test('A7 it says who the reader is, and in words what stands in the way', async () => {
    const patron = await edge.patron({ language: 'ja', paidUntil: '2020-03-31', expiresOn: '2099-12-31' });
    await edge.build.block(patron.id);
    const { status, body } = await edge.call('GET', '/v1/me', { token: patron.token });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      card: patron.card,
      library: 'demo',
      paidUntil: '2020-03-31',
      emailState: 'confirmed',
      blocks: [{ reason: 'manual' }],
      counts: { waiting: 0, secured: 0, loans: 0, overdue: 0 },
    });
    expect(body.standing).toMatchObject([
      { code: 'patron-blocked' },
      { code: 'fee-unpaid', paidUntil: '2020-03-31' },
    ]);
    expect(body.standing[1].detail).toContain('2020年3月31日');
  });

  test('A7 nothing stands in a good reader’s way', async () => {
    const { token } = await edge.patron();
    expect((await edge.call('GET', '/v1/me', { token })).body.standing).toEqual([]);
  });
});

describe('N1 the reader’s messages', () => {
  test('N1 they come newest first, a page at a time, and every one once', async () => {
    const { id, token } = await edge.patron();
    const made: string[] = [];
    for (let each = 0; each < 7; each += 1) {
      // Some of them at the same instant.
      const createdAt = new Date(edge.clock.now + Math.floor(each / 3));
      made.unshift((await notice(id, { createdAt })).id);
    }
    const seen: string[] = [];
    let next: string | null = '/v1/me/notices?limit=2';
    while (next !== null) {
      const page: Answered = await edge.call('GET', next, { token });
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.items.map((each: { id: string }) => each.id));
      next = page.body.next;
      expect(page.headers.get('link')).toBe(next === null ? null : `<${next}>; rel="next"`);
    }
    expect(seen).toEqual(made);
  });

  test('N1 one of them in full, and none of another reader’s', async () => {
    const { id, token } = await edge.patron();
    const mine = await notice(id);
    const theirs = await notice((await edge.patron()).id);
    const full = await edge.call('GET', `/v1/me/notices/${mine.id}`, { token });
    expect(full).toMatchObject({
      status: 200,
      body: { text: 'We have placed your hold.', recipient: 'reader@example.org' },
    });
    expect(await edge.call('GET', `/v1/me/notices/${theirs.id}`, { token })).toMatchObject({
      status: 404,
      body: { code: 'notice-unknown' },
    });
  });

  test('N1 one that was overtaken before it went out is not shown', async () => {
    const { id, token } = await edge.patron();
    const { id: withdrawn } = await notice(id, { state: 'withdrawn' });
    expect((await edge.call('GET', '/v1/me/notices', { token })).body.items).toEqual([]);
    expect((await edge.call('GET', `/v1/me/notices/${withdrawn}`, { token })).status).toBe(404);
  });

  test('A10 whoever has got hold of a session does not find a password link in it', async () => {
    const { id, token } = await edge.patron();
    const { id: link } = await notice(id, { kind: 'password-link', bodyText: 'https://…/secret' });
    const full = await edge.call('GET', `/v1/me/notices/${link}`, { token });
    expect(full.body).toMatchObject({ kind: 'password-link', text: null, html: null });
  });

  test('a cursor that is none, and a page too large, are mistakes', async () => {
    const { token } = await edge.patron();
    for (const query of [
      'cursor=x',
      'cursor=W10',
      'limit=0',
      'limit=101',
      'limit=2.5',
      'limit=ten',
      'limit=1&limit=2',
    ])
      expect(await edge.call('GET', `/v1/me/notices?${query}`, { token })).toMatchObject({
        status: 422,
        body: { errors: [{ in: 'query' }] },
      });
  });
});

describe('H4 the libraries', () => {
  test('H4 everyone sees places, hours and ways of contact', async () => {
    const { status, body } = await edge.call('GET', '/v1/libraries');
    expect(status).toBe(200);
    expect(body.items.map((each: { code: string }) => each.code)).toEqual(
      expect.arrayContaining(['demo', 'chikushino']),
    );
    const demo = await edge.call('GET', '/v1/libraries/demo');
    expect(demo.body).toMatchObject({
      code: 'demo',
      contacts: ['mail', 'phone', 'none'],
      name: { ja: 'Carrel 体験図書館' },
    });
    expect(demo.body.places).toMatchObject([
      { code: 'main', kind: 'branch', hours: { monday: { opens: '00:00', closes: '24:00' } } },
      { code: 'north', kind: 'branch' },
      { code: 'BM01', kind: 'stop', servedFrom: 'main', visits: [{ weekday: 'wednesday', everyWeeks: 2 }] },
    ]);
    expect((await edge.call('GET', '/v1/libraries/nowhere')).status).toBe(404);
  });
});

describe('I20 the fee schedule', () => {
  const ask = (library: string, language = 'en') =>
    edge.call('GET', `/v1/libraries/${library}/fees`, { headers: { 'accept-language': language } });

  test('I20 P1 everyone sees what is charged, for what, and what a user group pays instead', async () => {
    const { status, body } = await ask('bibliotheca');
    expect(status).toBe(200);
    const of = (cause: string) => body.items.find((each: { cause: string }) => each.cause === cause);
    expect(of('overdue')).toMatchObject({
      name: 'Overdue fee',
      rule: 'For each week late, or part of one, and item',
      price: { amountMinor: 100, text: '€1.00' },
      atMost: { amountMinor: 500 },
    });
    expect(of('card')).toMatchObject({
      rule: 'For each case',
      price: { amountMinor: 500 },
      groups: [
        { code: 'reduced', name: 'Reduced fee', pays: { amountMinor: 250 }, subsidy: { amountMinor: 250 } },
      ],
    });
    expect(of('membership')).toMatchObject({ period: 'P1Y', price: { currency: 'EUR' } });
    expect(of('damaged')).toMatchObject({
      rule: 'Depends on the case',
      price: null,
      atMost: { amountMinor: 30_000 },
    });
    expect(of('printing')).toBeUndefined();
    expect(
      (await ask('chikushino')).body.items.some(({ cause }: { cause: string }) => cause === 'overdue'),
    ).toBe(false);
    expect((await ask('nowhere')).status).toBe(404);
  });

  test('I20 P1 the schedule of every library is in every language', async () => {
    for (const { code } of (await edge.call('GET', '/v1/libraries')).body.items)
      for (const language of ['ja', 'zh', 'de', 'en']) {
        const { status, body } = await ask(code, language);
        expect(status).toBe(200);
        expect(body.items.length).toBeGreaterThan(2);
        expect(JSON.stringify(body)).not.toMatch(/money\.|\{\{|undefined/);
      }
    expect((await ask('zju', 'zh')).body.items[0]).toMatchObject({
      name: '超期晚还',
      rule: '每件每逾期一天',
    });
  });
});

test('I20 what a request to another library costs, and what the library pays of it, is published in words', async () => {
  const ask = (language: string) =>
    edge.call('GET', '/v1/libraries/zju/fees', { headers: { 'accept-language': language } });
  const { requests } = (await ask('zh')).body;
  expect(requests.page).toMatch(/^https:/u);
  expect(requests.prices[0].parts).toEqual(
    ['每笔 CN¥2.00', '每页 CN¥0.30'].map((text) => expect.stringContaining(text.slice(0, 2))),
  );
  expect(requests.subsidies[0].text).toContain('补贴');
  for (const language of ['ja', 'zh', 'de', 'en'])
    expect(JSON.stringify((await ask(language)).body.requests)).not.toMatch(/requestFees\.|\{\{|undefined/u);
});

describe('H1 the catalogue', () => {
  test('H1 a title says where its copies are and whether it can be held, in the asker’s language', async () => {
    const title = await edge.build.title({ title: 'Vom Winde und den Wellen' });
    await edge.build.item(title.id);
    const found = await edge.call('GET', '/v1/titles?library=demo&q=wellen', {
      headers: { 'accept-language': 'de' },
    });
    expect(found).toMatchObject({
      status: 200,
      body: { items: [{ id: title.id, copies: { available: 1 }, holdable: false }], next: null },
    });
    expect(found.body.items[0].notHoldable).toMatchObject([
      { code: 'on-shelf', detail: expect.stringContaining('Regal') },
    ]);
    const detail = await edge.call('GET', `/v1/titles/${title.id}`);
    expect(detail.body).toMatchObject({
      id: title.id,
      items: [{ state: 'available', branch: 'main', dueAt: null }],
    });
    expect(await edge.call('GET', `/v1/titles/${uuid()}`)).toMatchObject({
      status: 404,
      body: { code: 'title-unknown' },
    });
  });

  test('H1 the results come in pages, and a library that is none is a mistake', async () => {
    for (let each = 0; each < 5; each += 1) await edge.elsewhere.title({ title: `Hundert Seiten ${each}` });
    const first = await edge.call('GET', '/v1/titles?library=chikushino&q=hundert&limit=3');
    expect(first.body.items).toHaveLength(3);
    const second = await edge.call('GET', first.body.next);
    expect(second.body.items.map((each: { title: string }) => each.title)).toEqual([
      'Hundert Seiten 3',
      'Hundert Seiten 4',
    ]);
    expect(second.body.next).toBeNull();
    expect((await edge.call('GET', '/v1/titles?library=nowhere&q=x')).status).toBe(422);
  });
});
