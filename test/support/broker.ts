import { createServer, type Server } from 'node:http';
import { reasonOf } from '../../dev/setup-error.ts';

/** What the tests share, each started when a test first asks for it and stopped at the end of the run. */
export type Offers = Record<string, () => Promise<unknown>>;

export interface Broker {
  url: string;
  close(): Promise<void>;
}

/**
 * Answers `GET /<name>` with the JSON of that offer. Test files run in several processes and must not each start a
 * database; a run of pure tests must not wait for one at all.
 */
export async function openBroker(offers: Offers): Promise<Broker> {
  const started = new Map<string, Promise<unknown>>();
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    const answer =
      started.get(name) ?? offers[name]?.() ?? Promise.reject(new Error(`no such offer: ${name}`));
    started.set(name, answer);
    answer.then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(reasonOf(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the broker got no port');
  return { url: `http://127.0.0.1:${bound.port}`, close: () => closeServer(server) };
}

/** Asks the run's broker, from a test file. */
export async function ask<T>(name: string): Promise<T> {
  const response = await fetch(`${process.env.CARREL_TEST_BROKER}/${name}`, {
    headers: { connection: 'close' },
  });
  const body = await response.text();
  if (!response.ok) throw new Error(body);
  const answer: T = JSON.parse(body);
  return answer;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
