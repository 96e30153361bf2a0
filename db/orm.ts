import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, UnderscoreNamingStrategy } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import * as entities from './entities/index.ts';
import { migrations } from './migrations/index.ts';
import { returnLost } from './lost-connections.ts';
import { lendShared } from './shared.ts';

export interface OrmOptions {
  readonly databaseUrl: string;
  /** Connections this process may hold; every database activity takes one for its transaction. */
  readonly poolSize?: number;
}

function preparePool(pool: Pool): void {
  returnLost(pool);
  lendShared(pool);
}

/** Opens the pool. Throws when the entities cannot be understood; the first query tells whether the server answers. */
export async function openOrm(options: OrmOptions): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: options.databaseUrl,
    entities: Object.values(entities),
    namingStrategy: UnderscoreNamingStrategy,
    extensions: [Migrator],
    migrations: {
      migrationsList: migrations,
      tableName: 'migration',
      transactional: true,
      snapshot: false,
      silent: true,
    },
    driverOptions: { connectionTimeoutMillis: 5_000, onPoolCreated: preparePool },
    pool: { min: 1, max: options.poolSize ?? 10, idleTimeoutMillis: 60_000 },
    timezone: 'UTC',
    forceUtcTimezone: true,
    debug: false,
    ensureDatabase: false,
  });
}
