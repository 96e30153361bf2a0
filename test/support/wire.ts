import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a wire does with a message: `open` hands it on; `down` cuts the connection before anything is heard; `slow` hands it on after a while; `loses-answer`
 * hands it on and cuts the connection instead of answering; `answers-500` answers that and hands nothing on; `twice` hands it on two times, at once.
 */
export type WireMode = 'open' | 'down' | 'slow' | 'loses-answer' | 'answers-500' | 'twice';

/** One message on its way, and what was answered; both as they were on the wire. */
export interface Passed {
  readonly path: string;
  readonly mode: WireMode;
  readonly xml: string;
  /** Null: nothing was handed on. */
  answer: { readonly status: number; readonly xml: string } | null;
  readonly at: number;
}

/** A line to an installation which can be disturbed, and which keeps everything that goes over it. */
export interface Wire {
  /** Where the other side sends, without a path. */
  readonly url: string;
  readonly passed: readonly Passed[];
  /** Says where messages are handed on to. */
  readonly leadsTo: (target: string) => void;
  /** From now on; with `times`, for so many messages, then `open` again. */
  readonly behave: (mode: WireMode, times?: number) => void;
  readonly close: () => Promise<void>;
}

const slowMs = 1_500;

/** Opens a line on a port of its own. Until it leads somewhere it is down. */
export async function openWire(): Promise<Wire> {
  let target: string | undefined;
  let mode: WireMode = 'open';
  let times = Number.POSITIVE_INFINITY;
  const passed: Passed[] = [];
  const next = (): WireMode => {
    const now = mode;
    times -= 1;
    if (times <= 0) mode = 'open';
    return target === undefined ? 'down' : now;
  };

  const server = createServer((request, response) => {
    void take(request, response).catch(() => response.destroy());
  });
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const now = next();
    const path = request.url ?? '/';
    const letter: Passed = { path, mode: now, xml: body, answer: null, at: Date.now() };
    passed.push(letter);
    if (now === 'down') return void response.destroy();
    if (now === 'answers-500') return void response.writeHead(500).end('<html>Internal error</html>');
    if (now === 'slow') await sleep(slowMs);
    const send = () => handOn(`${target}${path}`, request, body);
    const [answer] = await Promise.all(now === 'twice' ? [send(), send()] : [send()]);
    letter.answer = { status: answer.status, xml: answer.text };
    if (now === 'loses-answer') return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.text);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    leadsTo: (url) => {
      target = url;
    },
    behave: (wanted, count = Number.POSITIVE_INFINITY) => {
      mode = wanted;
      times = count;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const kept = ['content-type', 'authorization', 'accept', 'user-agent'] as const;

async function handOn(url: string, request: IncomingMessage, body: string) {
  const headers = Object.fromEntries(
    kept.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]])),
  );
  const method = request.method ?? 'POST';
  const response = await fetch(url, { method, headers, ...(method !== 'GET' && { body }) });
  const type = response.headers.get('content-type');
  return {
    status: response.status,
    headers: type === null ? {} : { 'content-type': type },
    text: await response.text(),
  };
}
