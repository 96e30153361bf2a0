import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createUploads } from '../../uploads/intake.ts';
import { createClamd } from '../../uploads/scanner.ts';
import { picture } from './samples.ts';

const servers: (() => void)[] = [];
afterEach(() => {
  for (const stop of servers.splice(0)) stop();
});

/** Reads what an INSTREAM command sends, checks its form, and answers. */
async function daemon(answer: (streamed: Buffer, socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      received = Buffer.concat([received, part]);
      const streamed = streamOf(received);
      if (streamed) answer(streamed, socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const command = Buffer.from('zINSTREAM\0');

function streamOf(received: Buffer): Buffer | undefined {
  if (!received.subarray(0, command.length).equals(command)) return undefined;
  const parts: Buffer[] = [];
  for (let at = command.length; at + 4 <= received.length;) {
    const length = received.readUInt32BE(at);
    if (length === 0) return Buffer.concat(parts);
    parts.push(received.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

test.each([
  ['stream: OK\0', 'clean'],
  ['stream: Eicar-Test-Signature FOUND\0', 'infected'],
  ['INSTREAM size limit exceeded. ERROR\0', 'unavailable'],
  ['\u0000\u0001garbage', 'unavailable'],
  ['x'.repeat(5000), 'unavailable'],
  ['stream: OK FOUND? no\0', 'unavailable'],
] as const)('P4 the scanner that says %j means: %s', async (says, verdict) => {
  const given = Buffer.alloc(200_000, 7);
  let streamed: Buffer | undefined;
  const address = await daemon((read, socket) => {
    streamed = read;
    socket.write(says);
  });
  expect(await createClamd(address).scan(given)).toBe(verdict);
  expect(streamed?.equals(given)).toBe(true);
});

test('P4 a file whose size is a multiple of the pieces, and an empty one, end with one empty piece', async () => {
  const address = await daemon((_streamed, socket) => socket.write('stream: OK\0'));
  expect(await createClamd(address).scan(Buffer.alloc(128 * 1024))).toBe('clean');
  expect(await createClamd(address).scan(Buffer.alloc(0))).toBe('clean');
});

test('P4 a scanner that is silent, hangs up or is not there accepts nothing', async () => {
  const silent = await daemon(() => undefined);
  expect(await createClamd(silent, 100).scan(Buffer.from('x'))).toBe('unavailable');
  const rude = await daemon((_streamed, socket) => void socket.end());
  expect(await createClamd(rude).scan(Buffer.from('x'))).toBe('unavailable');
  expect(await createClamd({ host: '127.0.0.1', port: 1 }).scan(Buffer.from('x'))).toBe('unavailable');
  const uploads = createUploads({ scanner: createClamd(silent, 100) });
  const bounds = { maxPages: 1, withinMs: 1000 };
  expect(await uploads.take(await picture('png'), bounds)).toEqual({ later: 'scanner-unavailable' });
});

test('P4 what the scanner finds is refused', async () => {
  const uploads = createUploads({ scanner: { scan: async () => 'infected' } });
  const bounds = { maxPages: 1, withinMs: 1000 };
  expect(await uploads.take(await picture('png'), bounds)).toEqual({ fault: 'upload-infected' });
});
