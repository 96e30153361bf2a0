import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import type { Level, Logger } from 'pino';

/** What the runtime tells of its own starting and stopping – a bundle's parts, each state – is detail to an operator. */
const levels: Readonly<Record<LogEntry['level'], Level>> = {
  TRACE: 'trace',
  DEBUG: 'trace',
  INFO: 'debug',
  WARN: 'warn',
  ERROR: 'error',
};

/** Puts what the engine's runtime says into the worker's own log: one form, one stream, one level. */
export function engineLog(logger: Logger): DefaultLogger {
  return new DefaultLogger('INFO', ({ level, message, meta = {} }) => {
    const { error, ...rest } = meta as { error?: unknown };
    logger[levels[level]]({ ...rest, ...(error !== undefined && { err: error }) }, message);
  });
}
