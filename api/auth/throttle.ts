import { createHash } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Patron } from '../../db/entities/index.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Tx } from '../../db/transaction.ts';
import { countFailure, isAdmitted, nothingCounted, takeBack } from './lock-out.ts';
import type { Counter, Limit } from './lock-out.ts';

/** An attempt that has been counted. */
export interface Attempt {
  /** False: the key was locked before, and the attempt must not be made. */
  readonly admitted: boolean;
  /** When the lock ends, if there is one now – also the one that begins with this attempt, should it fail; epoch milliseconds. */
  readonly lockedUntil: number | null;
}

/**
 * Counters of failed attempts (A10). An attempt is counted as failed before the password is looked at, and taken back if it succeeds: so of any
 * number made at the same instant no more than the limit get through.
 */
export interface Throttle {
  readonly attempt: (key: string, limit: Limit, now: number) => Promise<Attempt>;
  readonly takeBack: (tx: Tx, key: string, limit: Limit, now: number) => Promise<void>;
  /** Forgets what was counted under the keys, and any lock. */
  readonly clear: (tx: Tx, ...keys: readonly string[]) => Promise<void>;
  /** As `clear`, also for what was counted under the keys at single networks. */
  readonly clearEverywhere: (tx: Tx, ...keys: readonly string[]) => Promise<void>;
}

interface Row {
  readonly failures: number;
  readonly strikes: number;
  readonly since_ms: number;
  readonly locked_until_ms: number | null;
}

/** Reads a counter under its row lock, making it if need be, and writes what `change` makes of it. */
async function alter(
  tx: Tx,
  key: string,
  now: number,
  change: (counter: Counter) => Counter,
): Promise<Counter> {
  const first = nothingCounted(now);
  const [row] = await tx.execute<Row[]>(
    `insert into sign_in_throttle as t (key, failures, strikes, window_started_at) values (?, ?, ?, ?)
     on conflict (key) do update set failures = t.failures
     returning failures, strikes, (extract(epoch from window_started_at) * 1000)::float8 as since_ms,
       (extract(epoch from locked_until) * 1000)::float8 as locked_until_ms`,
    [key, first.failures, first.strikes, new Date(first.since)],
  );
  if (row === undefined) throw new Error('A counter was not read.');
  const before = {
    failures: row.failures,
    strikes: row.strikes,
    since: row.since_ms,
    lockedUntil: row.locked_until_ms,
  };
  const after = change(before);
  await tx.execute(
    'update sign_in_throttle set failures = ?, strikes = ?, window_started_at = ?, locked_until = ? where key = ?',
    [
      after.failures,
      after.strikes,
      new Date(after.since),
      after.lockedUntil === null ? null : new Date(after.lockedUntil),
      key,
    ],
  );
  return before;
}

export function createThrottle(orm: MikroORM): Throttle {
  return {
    attempt: (key, limit, now) =>
      inTransaction(orm, async (tx) => {
        const before = await alter(tx, key, now, (counter) => countFailure(counter, limit, now));
        return {
          admitted: isAdmitted(before, limit, now),
          lockedUntil: countFailure(before, limit, now).lockedUntil,
        };
      }),
    takeBack: async (tx, key, limit, now) => {
      await alter(tx, key, now, (counter) => takeBack(counter, limit));
    },
    clear: async (tx, ...keys) => {
      const list = keys.map(() => '?').join(', ');
      await tx.execute(`delete from sign_in_throttle where key in (${list})`, [...keys]);
    },
    clearEverywhere: async (tx, ...keys) => {
      const each = keys.map(() => 'key = ? or starts_with(key, ?)').join(' or ');
      const values = keys.flatMap((key) => [key, `${key}@`]);
      await tx.execute(`delete from sign_in_throttle where ${each}`, values);
    },
  };
}

const hashed = (text: string) => createHash('sha256').update(text).digest('base64url');

export type HolderKind = 'patron' | 'staff';

/** Names that find the same account count as one, however they are typed. */
const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase();

/**
 * The counters' keys. A name – a card number, login or address, known or not, or whatever was typed there by mistake – stands in them as its hash. Followed by
 * `@` and a network, a key counts there only.
 */
export const throttleKeys = {
  name: (kind: HolderKind, library: string, name: string) => `${kind}:${library}:${hashed(plain(name))}`,
  /** Of an account, whichever of its names is used (A10). */
  account: (holderId: string) => `account:${holderId}`,
  /** Counts in place of an account where there is none, so that it takes as long. */
  noAccount: (kind: HolderKind, library: string, name: string) =>
    `no-account:${kind}:${library}:${hashed(plain(name))}`,
  /** Of a number on a list of members (A1). */
  member: (library: string, provider: string, number: string) =>
    `member:${library}:${provider}:${hashed(plain(number))}`,
  verificationNetwork: (library: string, network: string) => `verification-network:${library}:${network}`,
  network: (library: string, network: string) => `network:${library}:${network}`,
  change: (holderId: string) => `change:${holderId}`,
  code: (staffId: string) => `code:${staffId}`,
  link: (library: string, idOrName: string) => `link:${library}:${hashed(plain(idOrName))}`,
  linkNetwork: (library: string, network: string) => `link-network:${library}:${network}`,
};

type PatronNames = Pick<Patron, 'id' | 'library' | 'card' | 'login' | 'email'>;

/** Every key under which failures count against one account. */
export function accountKeys(
  kind: HolderKind,
  library: string,
  { id, names }: { readonly id: string; readonly names: readonly string[] },
): string[] {
  return [throttleKeys.account(id), ...names.map((name) => throttleKeys.name(kind, library, name))];
}

/** As `accountKeys`, of a reader's row; also of an address that is not confirmed any more. */
export function patronKeys({ id, library, card, login, email }: PatronNames): string[] {
  const names = [card, login, email].filter((name) => name != null);
  return accountKeys('patron', library, { id, names });
}
