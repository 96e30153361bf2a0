import { Context } from '@temporalio/activity';
import type { ActivityDeps } from '../deps.ts';
import type { Lines } from './lines.ts';
import { sendQueued, type SendQueued } from './send.ts';

export type { SendQueued } from './send.ts';

/** The activities of the workflow `peer:<id>`. */
export function createPeerActivities(deps: ActivityDeps, lines: Lines) {
  return {
    sendQueued: (step: SendQueued) => {
      const context = Context.current();
      const { currentAttemptScheduledTimestampMs: begun } = context.info;
      const started = performance.now();
      return sendQueued(deps, step, {
        lines,
        // Sending takes its time; the engine's clock is the one that the others have.
        clock: () => begun + Math.floor(performance.now() - started),
        beat: () => context.heartbeat(),
        stopped: () => context.cancellationSignal.aborted,
      });
    },
  };
}
