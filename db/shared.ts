import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient as Client } from 'pg';
import { type Connect, connectBy } from './connecting.ts';

/** One transaction, on one connection, of all who ask the pool for one meanwhile. */
interface Shared {
  /** The connection, once nobody else has it; undefined after the end, and for another pool: then everybody has their own. */
  readonly lend: (connect: Connect) => Promise<Client> | undefined;
  /** Commits, once nobody has the connection. */
  readonly end: () => Promise<void>;
}

/** Whoever waits for something else meanwhile – a slow body, a scanner – does not keep a connection from the others; milliseconds. */
const longestIdleMs = 200;

const current = new AsyncLocalStorage<Shared>();

/**
 * All that `work` asks the database, through whatever function, is one transaction: it begins with the first statement and is committed at the end of `work`, or before – with `apart`, by
 * `inTransaction`, and when nothing was asked for a while. After that each statement is by itself again. What was asked in it is committed also when `work` throws;
 * after a statement that failed nothing of it is, and that is thrown even if `work` has made its peace with the failure.
 */
export function inOneTransaction<T>(work: () => Promise<T>): Promise<T> {
  return share('begin', work);
}

/** The same for reading only: all that is read was true at one moment. */
export function inOneReading<T>(work: () => Promise<T>): Promise<T> {
  return share('begin isolation level repeatable read, read only', work);
}

/** Ends the transaction that this belongs to, if any: before a transaction of one's own, and before others are told of what was written. */
export async function apart(): Promise<void> {
  await current.getStore()?.end();
}

async function share<T>(begin: string, work: () => Promise<T>): Promise<T> {
  const shared = createShared(begin);
  let result: T;
  try {
    result = await current.run(shared, work);
  } catch (error) {
    // What went wrong first says more than that nothing could be committed after it.
    await shared.end().catch(() => undefined);
    throw error;
  }
  await shared.end();
  return result;
}

/** Has a pool lend the connections that are shared. */
export function lendShared(pool: Pool): void {
  connectBy(pool, (own) => current.getStore()?.lend(own) ?? own());
}

function createShared(begin: string): Shared {
  let from: Connect | undefined;
  let opened: Promise<{ readonly client: Client; readonly giveBack: Client['release'] }> | undefined;
  let ended: Promise<void> | undefined;
  let free = Promise.resolve();
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const open = async (connect: Connect) => {
    const client = await connect();
    const giveBack = client.release.bind(client);
    try {
      await client.query(begin);
    } catch (error) {
      giveBack(true);
      throw error;
    }
    return { client, giveBack };
  };

  const lend = async (connect: Connect) => {
    waiting += 1;
    clearTimeout(timer);
    const before = free;
    const { promise, resolve } = Promise.withResolvers<void>();
    free = promise;
    const done = () => {
      waiting -= 1;
      if (waiting === 0 && !ended) timer = setTimeout(() => void end().catch(() => undefined), longestIdleMs);
      resolve();
    };
    try {
      await before;
      const { client } = await (opened ??= open(connect));
      client.release = done;
      return client;
    } catch (error) {
      done();
      throw error;
    }
  };

  const finish = async () => {
    clearTimeout(timer);
    await free;
    const taken = await opened?.catch(() => undefined);
    if (!taken) return;
    const { client, giveBack } = taken;
    const { command } = await client.query('commit').catch((error) => {
      giveBack(true);
      throw error;
    });
    giveBack();
    if (command !== 'COMMIT') throw new Error('A statement had failed: nothing of the transaction is kept.');
  };

  const end = () => (ended ??= finish());
  return {
    lend: (connect) => {
      from ??= connect;
      return ended || from !== connect ? undefined : lend(connect);
    },
    end,
  };
}
