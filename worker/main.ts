import { workerConfig } from '../config/config.ts';
import { runMain } from '../config/main.ts';
import { runWorker } from './run.ts';

await runMain(() => runWorker(workerConfig(process.env)));
