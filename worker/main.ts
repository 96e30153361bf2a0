import { ConfigurationError, workerConfig } from '../config/config.ts';
import { runWorker } from './run.ts';

try {
  await runWorker(workerConfig(process.env));
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigurationError ? error.message : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
}
