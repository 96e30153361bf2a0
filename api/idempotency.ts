import { createHash } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v5 } from 'uuid';
import type { Input } from './input.ts';
import { problem } from './problem.ts';
import type { Key, Route } from './route.ts';

/** The name space of the ids that are derived from callers' keys. It must never change: repeated requests find their first run by it. */
const nameSpace = '6f0a4a3e-2f0c-5b0e-9a53-0d7f7f6a9c11';

const visibleAscii = /^[\x21-\x7e]{1,200}$/;

/** The key in an `Idempotency-Key` header, which may stand in quotes. */
function readKey(header: string | undefined): string {
  if (header === undefined) throw problem('idempotency-key-missing');
  const quoted = /^"(.*)"$/.exec(header);
  const key = quoted?.[1] ?? header;
  if (visibleAscii.test(key)) return key;
  throw problem(
    'invalid-input',
    {},
    { errors: [{ in: 'header', pointer: '/idempotency-key', detail: '1–200 visible ASCII characters' }] },
  );
}

/** Left out of fingerprints: a stored SHA-256 of a short password beside what is known of its owner could be guessed from. */
const secretKeys: readonly string[] = ['password', 'secret'];

/** The same text for the same JSON value, whatever the order of its keys; without secrets. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) =>
    secretKeys.includes(key)
      ? undefined
      : typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : part,
  );
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

export interface KeyedRequest {
  readonly route: Pick<Route, 'method' | 'path'>;
  readonly header: string | undefined;
  readonly input: Input;
  /** Who asks; keys of different callers never meet. */
  readonly actor: string;
  readonly now: number;
}

/**
 * Remembers that this caller sent this request under this key. The same key with the same request: `repeated`; with another request: 422. Two at
 * once: both go on, with the same id.
 */
export async function takeKey(orm: MikroORM, request: KeyedRequest): Promise<Key> {
  const key = readKey(request.header);
  const name = `${request.actor} ${request.route.method} ${request.route.path} ${key}`;
  const fingerprint = sha256(
    canonical([request.input.params, request.input.query, request.input.body ?? null]),
  );
  const [row] = await orm.em.getConnection().execute<{ fingerprint: string; inserted: boolean }[]>(
    `insert into request as known (key, fingerprint, at) values (?, ?, ?)
     on conflict (key) do update set at = known.at
     returning fingerprint, xmax = 0 as inserted`,
    [sha256(name), fingerprint, new Date(request.now)],
  );
  if (row?.fingerprint !== fingerprint) throw problem('idempotency-key-reused');
  return { id: v5(name, nameSpace), repeated: !row.inserted };
}
