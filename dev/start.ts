import { fileURLToPath } from 'node:url';
import { runStart } from './run-start.ts';

const main = (path: string) => fileURLToPath(new URL(path, import.meta.url));

process.exit(
  await runStart(process.env, {
    migrate: main('../db/migrate.ts'),
    seed: main('seed.ts'),
    worker: main('../worker/main.ts'),
    api: main('../api/main.ts'),
  }),
);
