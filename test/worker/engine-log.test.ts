import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { engineLog } from '../../worker/engine-log.ts';

/** What a worker's log holds that was told so. */
function logged(
  told: (log: ReturnType<typeof engineLog>) => void,
  level = 'info',
): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
  told(engineLog(pino({ level, base: { process: 'worker' } }, stream)));
  return lines;
}

test('G1 what the engine’s runtime says is in the worker’s own log, in its form, with ids and errors', () => {
  const lines = logged((log) => {
    log.warn('Activity failed', { workflowId: 'hold:1', error: new Error('no connection') });
    log.info('Worker state changed', { state: 'RUNNING' });
  });
  expect(lines).toEqual([
    expect.objectContaining({
      level: 40,
      process: 'worker',
      msg: 'Activity failed',
      workflowId: 'hold:1',
      err: expect.objectContaining({ message: 'no connection', stack: expect.any(String) }),
    }),
  ]);
});

test('its own starting and stopping is there for whoever asks for details', () => {
  const lines = logged((log) => log.info('Worker state changed', { state: 'RUNNING' }), 'debug');
  expect(lines).toMatchObject([{ level: 20, msg: 'Worker state changed', state: 'RUNNING' }]);
});
