import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { fileBody, fileBytes } from '../../api/files.ts';
import { openApiDocument } from '../../api/openapi.ts';
import { route } from '../../api/route.ts';
import { startEdge } from './edge.ts';

const most = 2_000_000;
const bytes = z.strictObject({ size: z.int(), hash: z.string(), type: z.string() });

const taking = route({
  method: 'post',
  path: '/v1/files',
  summary: 'Takes a file',
  access: 'public',
  idempotent: true,
  file: { mediaTypes: ['image/jpeg', 'application/octet-stream'], maxBytes: () => most },
  body: fileBody,
  responses: { 200: { description: 'What came.', body: bytes } },
}).handle(async ({ body: { mediaType, bytes: given, hash } }) => ({
  status: 200,
  body: { size: given.length, hash, type: mediaType },
}));

const giving = route({
  method: 'get',
  path: '/v1/files',
  summary: 'Gives a file',
  access: 'public',
  responses: {
    200: { description: 'Bytes.', body: fileBytes, mediaType: 'application/octet-stream' },
  },
}).handle(async () => ({
  status: 200,
  headers: { 'Content-Type': 'application/octet-stream' },
  body: Buffer.from([0, 255, 128]),
}));

let edge: Awaited<ReturnType<typeof startEdge>>;
beforeAll(async () => {
  edge = await startEdge({ routes: () => [taking, giving] });
});
afterAll(() => edge.stop());

let keys = 0;
async function send(body: Buffer, type: string, more: Record<string, string> = {}) {
  const headers = { 'Content-Type': type, 'Idempotency-Key': `file-${keys++}`, ...more };
  const answered = await fetch(`${edge.url}/v1/files`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  return { status: answered.status, body: (await answered.json()) as Record<string, unknown> };
}

test('P4 a file is taken as it is, and is the same request only with the same bytes', async () => {
  const file = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256));
  const key = { 'Idempotency-Key': 'same' };
  const first = await send(file, 'image/jpeg', key);
  expect(first).toMatchObject({ status: 200, body: { size: 300, type: 'image/jpeg' } });
  expect(await send(file, 'image/jpeg', key)).toEqual(first);
  expect(await send(Buffer.from('other'), 'image/jpeg', key)).toMatchObject({ status: 422 });
});

test('P4 nothing, another type and a packed file are refused in words', async () => {
  expect(await send(Buffer.alloc(0), 'image/jpeg')).toMatchObject({ status: 422 });
  expect(await send(Buffer.from('{}'), 'application/json')).toMatchObject({ status: 415 });
  expect(await send(Buffer.from('x'), 'text/html')).toMatchObject({ status: 415 });
  const packed = await send(Buffer.from('x'), 'image/jpeg', { 'Content-Encoding': 'gzip' });
  expect(packed).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
});

/** Sends `size` bytes in pieces without saying how many there will be. */
async function pour(size: number): Promise<number | undefined> {
  const headers = { 'Content-Type': 'image/jpeg', 'Idempotency-Key': `poured-${size}` };
  const sending = request(`${edge.url}/v1/files`, { method: 'POST', headers });
  const answered = once(sending, 'response');
  const piece = Buffer.alloc(1_000_000);
  const answer = { isThere: false };
  void answered.then(() => (answer.isThere = true));
  for (let sent = 0; sent < size && !answer.isThere; sent += piece.length)
    if (!sending.write(piece)) await Promise.race([once(sending, 'drain'), answered]);
  sending.end();
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

/** What was left over before is no matter of this test's. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

test('P4 100 MB are refused without being kept, whether their length is stated or not', async () => {
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  expect(await pour(most)).toBe(200);
  expect(await pour(100_000_000)).toBe(413);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  const stated = await send(Buffer.alloc(most + 1), 'image/jpeg');
  expect(stated).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
});

test('a sender who hangs up leaves nothing behind', async () => {
  const headers = { 'Content-Type': 'image/jpeg', 'Idempotency-Key': 'gone', 'Content-Length': '1000' };
  const sending = request(`${edge.url}/v1/files`, { method: 'POST', headers });
  sending.on('error', () => undefined);
  sending.write(Buffer.alloc(10));
  await new Promise((resolve) => setTimeout(resolve, 50));
  sending.destroy();
  expect((await fetch(`${edge.url}/v1/files`)).status).toBe(200);
});

test('bytes are answered as they are, and a file is described as one', async () => {
  const answered = await fetch(`${edge.url}/v1/files`);
  expect([...new Uint8Array(await answered.arrayBuffer())]).toEqual([0, 255, 128]);
  const described = openApiDocument([taking], 'http://library.example').paths?.['/v1/files']?.post;
  expect(described?.requestBody).toEqual({
    required: true,
    content: { 'image/jpeg': {}, 'application/octet-stream': {} },
  });
});
