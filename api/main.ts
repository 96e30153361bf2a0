import { apiConfig, ConfigurationError } from '../config/config.ts';
import { runApi } from './run.ts';

try {
  await runApi(apiConfig(process.env));
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigurationError ? error.message : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
}
