import type { Pool, PoolClient } from 'pg';

export type Connect = () => Promise<PoolClient>;

type Callback = Parameters<Pool['connect']>[0];

/** Has everybody who asks a pool for a connection, with a promise or with a callback, get it by `way`; `own` is what the pool itself does. */
export function connectBy(pool: Pool, way: (own: Connect) => Promise<PoolClient>): void {
  const own: Connect = pool.connect.bind(pool);
  const connect = (callback?: Callback): Promise<PoolClient> | undefined => {
    const connected = way(own);
    if (!callback) return connected;
    connected.then(
      (client) => callback(undefined, client, (broken) => client.release(broken)),
      (error: Error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  };
  pool.connect = connect as Pool['connect'];
}
