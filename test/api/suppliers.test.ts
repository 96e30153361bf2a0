import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { candidatesFor } from '../../activities/ill/candidates.ts';
import { lookUpHoldings, needsLookUp } from '../../activities/ill/look-up-holdings.ts';
import { IllFormRow, IllRequest } from '../../db/entities/index.ts';
import { reader } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { peerPolicy } from '../../domain/policy-peers.ts';
import { suppliersPolicy } from '../../domain/policy-suppliers.ts';
import {
  answering,
  field,
  marcRecord,
  type SruServer,
  sruResponse,
  startSruServer,
} from '../gateways/sru-server.ts';
import { type Edge, startEdge } from './edge.ts';

let edge: Edge;
let server: SruServer;

const names = (code: string) => ({ en: `Library ${code}`, de: `Bibliothek ${code}`, ja: code, zh: code });
const peers = ['alpha', 'beta', 'gamma'].map((code) =>
  peerPolicy.parse({ code, name: names(code), agency: { value: `XX-${code}` }, url: 'http://peer.example' }),
);

function withPeers(policy: LibraryPolicy): LibraryPolicy {
  if (policy.code !== 'demo' || policy.ill === 'none') return policy;
  const suppliers = suppliersPolicy.parse({
    unknownHoldings: 'never',
    order: ['priority', 'cost'],
    peers: {
      alpha: { priceMinor: { loan: 500, copy: 300 } },
      beta: { priceMinor: { loan: 200 } },
      gamma: { lastResort: true },
    },
    catalogues: [{ code: 'union', name: names('union'), url: server.url, timeout: 'PT20S' }],
  });
  return { ...policy, ill: { ...policy.ill, peers, suppliers } };
}

beforeAll(async () => {
  server = await startSruServer();
  edge = await startEdge({ change: withPeers });
});
afterAll(async () => {
  await edge.stop();
  await server.stop();
});
beforeEach(async () => {
  await edge.orm.em.fork().execute('truncate ill_holding');
});

const sql = (text: string, values: unknown[] = []) => edge.orm.em.fork().execute(text, values);

async function hold(peer: string, more: Record<string, unknown> = {}) {
  const row = {
    keys: '{isbn:9783940000026}',
    callNumber: 'Melv 7',
    coverage: null as string | null,
    lendable: true,
    ...more,
  };
  await sql(
    `insert into ill_holding (id, library, key, peer, origin, source, title, keys, call_number, coverage, lendable, copyable, search_text, stated_at)
     values (?, 'demo', ?, ?, 'import', 'test', 'Moby-Dick', ?::text[], ?, ?::jsonb, ?, true, 'moby dick melville', ?)`,
    [uuid(), uuid(), peer, row.keys, row.callNumber, row.coverage, row.lendable, new Date()],
  );
}

async function request(more: { service?: 'loan' | 'copy'; content?: object } = {}) {
  const patron = await edge.build.patron();
  const em = edge.orm.em.fork();
  const id = uuid();
  const at = new Date(edge.clock.now);
  const common = {
    library: 'demo',
    patronId: patron.id,
    service: more.service ?? 'loan',
    literature: 'book',
    delivery: 'pickup',
    place: 'main',
    actor: 'system',
    submittedAt: at,
  } as const;
  const content = { title: 'Moby-Dick', isbn: '9783940000026', ...more.content };
  em.create(IllFormRow, { ...common, id, requestId: id, version: 1, content, limit: null, overridden: [] });
  await em.flush();
  em.create(IllRequest, {
    ...common,
    id,
    number: `2026-${id.slice(-8)}`,
    mode: 'distributed',
    title: content.title,
    formId: id,
    state: 'choosing',
    chosen: [],
  });
  await em.flush();
  return id;
}

async function candidates(id: string) {
  const tx = reader(edge.orm);
  const row = await tx.findOneOrFail(IllRequest, { id });
  const form = await tx.findOneOrFail(IllFormRow, { id: row.formId });
  return candidatesFor(edge.deps, tx, row, form, new Date(edge.clock.now));
}

async function suppliersShown(id: string, language = 'en') {
  const { token } = await edge.staff(['ill-librarian']);
  const headers = { 'accept-language': language };
  const { status, body } = await edge.call('GET', `/v1/staff/requests/${id}/suppliers`, { token, headers });
  expect(status).toBe(200);
  return body;
}

describe('I10 whom a request is asked of', () => {
  test('I10 those that have it, the cheaper first, the last resort last; who has nothing is not asked', async () => {
    await hold('alpha');
    await hold('beta', { callNumber: 'X 1' });
    const id = await request();
    expect(await candidates(id)).toEqual([
      { peer: 'beta', callNumber: 'X 1', expectedMinor: 200n, currency: 'EUR' },
      { peer: 'alpha', callNumber: 'Melv 7', expectedMinor: 500n, currency: 'EUR' },
    ]);
    await hold('gamma');
    expect((await candidates(id)).map(({ peer }) => peer)).toEqual(['beta', 'alpha', 'gamma']);
  });

  test('I10 who was tried, whose line is down, and who refused it to others lately', async () => {
    for (const peer of ['alpha', 'beta', 'gamma']) await hold(peer);
    const id = await request();
    await sql(`insert into ill_peer (id, library, code, failing_since) values (?, 'demo', 'beta', now())`, [
      uuid(),
    ]);
    expect((await candidates(id)).map(({ peer }) => peer)).toEqual(['alpha', 'gamma', 'beta']);
    const other = await request();
    await sql(
      `insert into ill_attempt (id, request_id, library, position, peer, our_ref, outcome, sent_at, ended_at)
       values (?, ?, 'demo', 1, 'alpha', ?, 'unfilled', ?, ?)`,
      [uuid(), other, uuid(), new Date(edge.clock.now), new Date(edge.clock.now)],
    );
    expect((await candidates(other)).map(({ peer }) => peer)).toEqual(['gamma', 'beta']);
    const shown = await suppliersShown(id);
    expect(shown.items.map((each: { peer: string }) => each.peer)).toEqual(['alpha', 'gamma', 'beta']);
    const reasons = shown.items.map((each: { reasons: { code: string }[] }) => each.reasons[0]?.code);
    expect(reasons).toEqual(['refused-lately', 'last-resort', 'line-down']);
    await sql('delete from ill_peer');
    await sql('delete from ill_attempt');
  });

  test('I10 the librarian reads why, in four languages; of those that are not asked, too', async () => {
    await hold('alpha');
    await hold('beta', { lendable: false });
    const id = await request();
    const { items } = await suppliersShown(id);
    expect(items).toMatchObject([
      { peer: 'alpha', name: 'Library alpha', position: 1, price: { text: '€5.00' } },
      { peer: 'beta', position: null, reasons: [{ code: 'not-lendable', text: 'Does not lend it' }] },
      { peer: 'gamma', position: null, reasons: [{ text: 'Does not have it as far as is known' }] },
    ]);
    expect(items[0].reasons.map((each: { text: string }) => each.text)).toEqual([
      'Has it: Melv 7',
      'Priority 5',
      'Usually charges €5.00',
    ]);
    expect((await suppliersShown(id, 'zh')).items[1].reasons[0].text).toBe('不外借');
    expect((await suppliersShown(id, 'ja')).items[1].reasons[0].text).toBe('貸出できません');
    const other = await edge.staff(['ill-librarian'], 'chikushino');
    const foreign = await edge.call('GET', `/v1/staff/requests/${id}/suppliers`, { token: other.token });
    expect(foreign.body.code).toBe('request-unknown');
  });

  test('I10 of a serial only who has the year is asked', async () => {
    const keys = '{issn:2750-0012}';
    await hold('alpha', { keys, coverage: '[{"from":{"date":"1998"},"to":{"date":"2005"}}]' });
    await hold('beta', { keys, coverage: '[{"from":{"date":"2006"}}]' });
    const content = { title: 'Journal', issn: '2750-0012', isbn: '', component: 'Cranes', year: '2011' };
    const id = await request({ service: 'copy', content });
    expect((await candidates(id)).map(({ peer }) => peer)).toEqual(['beta']);
  });
});

describe('I5 catalogues that are asked', () => {
  test('I5 what they say is kept and counts; each is asked once for a form', async () => {
    const record = marcRecord('m1', field('852', ['a', 'XX-ALPHA'], ['h', 'A 1']));
    server.behave(answering(sruResponse([record])));
    const id = await request();
    const row = await reader(edge.orm).findOneOrFail(IllRequest, { id });
    expect(await needsLookUp(edge.deps, reader(edge.orm), row)).toBe(true);
    const before = server.asked.length;
    expect(await lookUpHoldings(edge.deps, { requestId: id, now: edge.clock.now })).toEqual({ found: 1 });
    expect(await needsLookUp(edge.deps, reader(edge.orm), row)).toBe(false);
    await lookUpHoldings(edge.deps, { requestId: id, now: edge.clock.now });
    expect(server.asked.length).toBe(before + 1);
    expect(await candidates(id)).toMatchObject([{ peer: 'alpha', callNumber: 'A 1', recordId: 'm1' }]);
    const shown = await suppliersShown(id);
    expect(shown.catalogues).toMatchObject([{ code: 'union', name: 'Library union', found: 1, error: null }]);
  });

  test('I5 what they do not say any more is forgotten; one that fails hinders nothing and is told', async () => {
    server.behave(answering(sruResponse([marcRecord('m1', field('852', ['a', 'XX-ALPHA']))])));
    await lookUpHoldings(edge.deps, { requestId: await request(), now: edge.clock.now });
    server.behave(answering('', 'text/plain', 503));
    const failed = await request();
    await lookUpHoldings(edge.deps, { requestId: failed, now: edge.clock.now });
    expect((await suppliersShown(failed)).catalogues).toMatchObject([
      { found: null, error: 'It answered with HTTP status 503.' },
    ]);
    expect(await candidates(failed)).toHaveLength(1);
    server.behave(answering(sruResponse([])));
    const gone = await request();
    await lookUpHoldings(edge.deps, { requestId: gone, now: edge.clock.now });
    expect(await candidates(gone)).toEqual([]);
  });
});

test('I10 librarians search what other libraries have', async () => {
  await hold('alpha');
  await hold('beta', { keys: '{isbn:9783940000033}' });
  const { token } = await edge.staff(['ill-librarian']);
  const ask = async (query: string) => {
    const { body } = await edge.call('GET', `/v1/staff/holdings?${query}`, { token });
    return body.items.map((each: { peerName: string }) => each.peerName);
  };
  expect(await ask('q=moby')).toHaveLength(2);
  expect(await ask('q=978-3-940000-02-6')).toEqual(['Library alpha']);
  expect(await ask('q=melville&peer=beta')).toEqual(['Library beta']);
  expect(await ask('q=nothing')).toEqual([]);
  const first = await edge.call('GET', '/v1/staff/holdings?limit=1', { token });
  const second = await edge.call('GET', first.body.next, { token });
  expect([first, second].flatMap(({ body }) => body.items)).toHaveLength(2);
  expect(second.body.next).toBeNull();
});
