import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuid } from 'uuid';
import { fetchAt } from '../../activities/ill/fetch-document.ts';
import { isInside } from '../../activities/gateways/offered-file.ts';
import { IllDocument, IllOffer } from '../../db/entities/index.ts';
import { storeDocument, takeDownload } from '../../db/queries/ill-documents.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createObtaining, type Obtaining, withPeers } from '../support/obtaining.ts';

/** Documents: fetched, held, released, downloaded, run out. */
let bench: ActivityBench;
let ill: Obtaining;
let server: Server;
let answerWith: { status: number; body: Buffer };
const monday = Date.parse('2026-12-07T01:00:00Z');
const day = 24 * 3_600_000;
const pdf = Buffer.from('%PDF-1.7\n%%EOF\n');
const desk = { actor: 'staff:0190b0a4-0000-7000-8000-000000000001' } as const;

beforeAll(async () => {
  answerWith = { status: 200, body: pdf };
  server = createServer((_request, response) => {
    response.writeHead(answerWith.status, { 'content-type': 'application/pdf' });
    response.end(answerWith.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const change = withPeers(['one'], { obtaining: { review: false } });
  bench = await startActivities({
    change: (policy) => {
      const changed = change(policy);
      if (changed.ill === 'none') return changed;
      const peers = changed.ill.peers.map((peer) => ({
        ...peer,
        url: `http://127.0.0.1:${port}/iso18626/demo`,
      }));
      return { ...changed, ill: { ...changed.ill, peers } };
    },
  });
  ill = createObtaining(bench, monday);
});
afterAll(async () => {
  await bench.stop();
  server.close();
});

const own = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/copy`;
const document = (id: string | null | undefined) =>
  bench.orm.em.fork().findOneOrFail(IllDocument, { id: String(id) });

async function asked() {
  const patron = await ill.reader();
  const requestId = await ill.begin({ patronId: patron.id, service: 'copy' });
  await ill.look(requestId);
  return { requestId, patron };
}

async function offered(url: string) {
  const given = await asked();
  const standing = await ill.hear(given.requestId, {
    status: 'CopyCompleted',
    deliveryInfo: { deliveryMethod: { value: 'URL' }, itemId: [url] },
  });
  return { ...given, standing };
}

async function uploaded() {
  const given = await asked();
  await ill.hear(given.requestId, { status: 'CopyCompleted' });
  const id = uuid();
  await storeDocument(bench.orm, {
    id,
    library: bench.policy.code,
    about: 'request',
    aboutId: given.requestId,
    name: '',
    mediaType: 'application/pdf',
    hash: createHash('sha256').update(id).digest('base64url'),
    bytes: pdf,
    actor: desk.actor,
    storedAt: new Date(ill.now()),
  });
  await ill.act(given.requestId, { act: 'deliver', documentId: id, ...desk });
  return { ...given, documentId: id };
}

const fetching = (requestId: string, at = ill.now()) => fetchAt(bench.deps, { requestId }, new Date(at));
const download = (id: string, now = ill.now(), limit = 5) =>
  takeDownload(bench.orm, { id, limit, now: new Date(now) });

test('I14 a document that a supplier offers under its own address is fetched, and is the reader’s', async () => {
  answerWith = { status: 200, body: pdf };
  const { requestId, standing } = await offered(own());
  expect(standing).toMatchObject({ state: 'shipped', fetch: true });
  expect(await fetching(requestId)).toMatchObject({ state: 'available' });
  const { documentId } = await ill.request(requestId);
  expect(await document(documentId)).toMatchObject({
    mediaType: 'application/pdf',
    size: pdf.length,
    issue: 1,
  });
  expect(await ill.notices(requestId)).toContain('ill-document');
  expect(await fetching(requestId)).toBeNull();
});

test('I14 what cannot be had for now is tried again for days, then a librarian sees to it', async () => {
  answerWith = { status: 503, body: Buffer.alloc(0) };
  const { requestId } = await offered(own());
  await expect(fetching(requestId)).rejects.toThrow('server-trouble');
  expect(await bench.orm.em.fork().findOneOrFail(IllOffer, { requestId })).toMatchObject({
    state: 'due',
    tries: 1,
  });
  await fetching(requestId, ill.now() + 5 * day);
  expect(await ill.tasks(requestId)).toEqual(['ill-fetch']);
  expect(await ill.request(requestId)).toMatchObject({ state: 'shipped' });
});

test.each([
  'http://example.org/copy.pdf',
  'https://127.0.0.1/copy.pdf',
  'https://[::1]/copy.pdf',
  'https://localhost/copy.pdf',
  'https://169.254.169.254/latest/meta-data',
  'https://user:secret@example.org/copy.pdf',
])('I14 nothing is fetched from %s', async (url) => {
  const { requestId } = await offered(url);
  await fetching(requestId);
  expect(await bench.orm.em.fork().findOneOrFail(IllOffer, { requestId })).toMatchObject({
    state: 'given-up',
    lastError: 'address-refused',
  });
});

test('I14 what is no document is not delivered', async () => {
  answerWith = { status: 200, body: Buffer.from('<html>sign in</html>') };
  const { requestId } = await offered(own());
  await fetching(requestId);
  expect(await ill.tasks(requestId)).toEqual(['ill-fetch']);
});

test.each([
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['fd00::1', true],
  ['fe80::1', true],
  ['2001:db8::1', true],
  ['8.8.8.8', false],
  ['2606:4700::1111', false],
  ['nonsense', true],
])('I14 %s is inside: %s', (address, expected) => expect(isInside(address)).toBe(expected));

test('I14 of downloads at once no more than allowed get the file', async () => {
  const { documentId } = await uploaded();
  const all = await Promise.all(Array.from({ length: 12 }, () => download(documentId)));
  expect(all.filter((each) => each !== undefined)).toHaveLength(5);
  expect(await document(documentId)).toMatchObject({ downloads: 5 });
});

test('I14 a link that is issued anew counts from nothing, and readers have so many of them', async () => {
  const { requestId, patron, documentId } = await uploaded();
  const reader = { actor: `patron:${patron.id}` } as const;
  expect(await download(documentId)).toBeDefined();
  await ill.act(requestId, { act: 'reissue', ...reader });
  expect(await document(documentId)).toMatchObject({ issue: 2, downloads: 0 });
  expect(
    await takeDownload(bench.orm, { id: documentId, limit: 5, issue: 1, now: new Date(ill.now()) }),
  ).toBeUndefined();
  expect(
    await takeDownload(bench.orm, { id: documentId, limit: 5, issue: 2, now: new Date(ill.now()) }),
  ).toBeDefined();
  await ill.act(requestId, { act: 'reissue', ...reader });
  await ill.act(requestId, { act: 'reissue', ...reader });
  expect(await ill.act(requestId, { act: 'reissue', ...reader })).toEqual({
    refused: [{ code: 'reissue-limit', limit: 3 }],
  });
  expect(await ill.act(requestId, { act: 'reissue', ...desk })).toHaveProperty('standing');
});

test('I14 a link that nobody used runs out, the reader is told, and in the end the file goes', async () => {
  const { requestId, documentId } = await uploaded();
  const expiry = (await ill.request(requestId)).lookAt?.getTime() ?? 0;
  expect(await download(documentId, expiry)).toBeUndefined();
  await ill.look(requestId, expiry);
  expect(await ill.notices(requestId)).toContain('ill-document-expired');
  const end = (await ill.request(requestId)).lookAt?.getTime() ?? 0;
  expect(end).toBeGreaterThan(expiry);
  await ill.look(requestId, end);
  expect(await ill.request(requestId)).toMatchObject({ state: 'completed', reason: 'not-fetched' });
  const [row] = await bench.rows<{ gone: boolean }>(
    'select content is null as gone from ill_document where id = ?',
    [documentId],
  );
  expect(row).toEqual({ gone: true });
});

test('I14 one that was fetched is completed when its link ends', async () => {
  const { requestId, documentId } = await uploaded();
  await download(documentId);
  await ill.look(requestId, (await ill.request(requestId)).lookAt?.getTime());
  expect(await ill.request(requestId)).toMatchObject({ state: 'completed', reason: null });
});

test('I14 a wrong document is taken back and another one delivered', async () => {
  const { requestId, documentId } = await uploaded();
  await ill.act(requestId, { act: 'withdraw', ...desk });
  expect(await ill.request(requestId)).toMatchObject({ state: 'shipped', documentId: null });
  expect(await download(documentId)).toBeUndefined();
});
