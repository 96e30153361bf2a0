import express from 'express';
import type { MikroORM } from '@mikro-orm/postgresql';
import { migrations } from '../db/migrations/index.ts';
import type { Commands } from './commands-port.ts';
import { exchangeOf } from './exchange.ts';

const names = ['database', 'migrations', 'engine'] as const;

export type Check = (typeof names)[number];

export interface Health {
  /** What is not as it should be; empty when requests can be served. */
  readonly lacking: () => Promise<(Check | 'stopping')[]>;
}

const patienceMs = 2000;

async function holds(check: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  try {
    return await Promise.race([check(), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Looks whether the database answers and has every migration, and whether the engine answers. Each look takes 2 s at the most. */
export function createHealth(
  orm: MikroORM,
  commands: Pick<Commands, 'ping'>,
  isStopping = () => false,
): Health {
  const connection = orm.em.getConnection();
  const checks: Record<Check, () => Promise<boolean>> = {
    database: async () => (await connection.execute('select 1')).length === 1,
    migrations: async () => {
      const applied = await connection.execute<{ name: string }[]>('select name from migration');
      return migrations.every(({ name }) => applied.some((row) => row.name === name));
    },
    engine: async () => {
      await commands.ping();
      return true;
    },
  };
  return {
    lacking: async () => {
      if (isStopping()) return ['stopping'];
      const held = await Promise.all(names.map((name) => holds(checks[name])));
      return names.filter((_name, index) => !held[index]);
    },
  };
}

/** `/livez`: the process answers. `/readyz`: it can serve; 503 with what is lacking otherwise. */
export function healthRouter(health: Health): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/livez', (_request, response) => {
    exchangeOf(response).route = '/livez';
    response.json({ alive: true });
  });
  router.get('/readyz', async (_request, response) => {
    exchangeOf(response).route = '/readyz';
    const lacking = await health.lacking();
    response.status(lacking.length === 0 ? 200 : 503).json({ ready: lacking.length === 0, lacking });
  });
  return router;
}
