import type { Pool, PoolClient } from 'pg';
import { connectBy } from './connecting.ts';

/**
 * Gives a connection that is lost while somebody has it back to its pool. The query builder returns the one of a transaction only once the server has answered
 * the commit or the rollback: each transaction that was open while the database went down would take a place of the pool with it, until there were none left.
 */
export function returnLost(pool: Pool): void {
  connectBy(pool, async (own) => watched(await own()));
}

/** The same connection, given back at its end at the latest; given back again, nothing happens. */
function watched(client: PoolClient): PoolClient {
  const giveBack = client.release.bind(client);
  let returned = false;
  const release: PoolClient['release'] = (broken) => {
    if (returned) return;
    returned = true;
    client.off('end', lost);
    giveBack(broken);
  };
  const lost = () => release(true);
  client.once('end', lost);
  client.release = release;
  return client;
}
