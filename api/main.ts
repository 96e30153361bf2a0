import { apiConfig } from '../config/config.ts';
import { runMain } from '../config/main.ts';
import { runApi } from './run.ts';

await runMain(() => runApi(apiConfig(process.env)));
