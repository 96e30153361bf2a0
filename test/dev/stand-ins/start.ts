import { fileURLToPath } from 'node:url';
import { runStart } from '../../../dev/run-start.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const mains = {
  migrate: file('once.ts'),
  seed: file('once.ts'),
  worker: file('worker.ts'),
  api: file('api.ts'),
};

process.exit(await runStart(process.env, mains, { delaysMs: [100, 200], quickMs: 60_000 }));
