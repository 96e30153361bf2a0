import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../dev/process.ts';

/** A program of the rig that is killed and comes back, and that is started again when it ends by itself, as any host would do. */
export interface Service {
  readonly name: string;
  /** Times it ended without being told. */
  readonly crashes: () => number;
  /** SIGKILL, `downMs` of absence, a new start. Answers how many milliseconds the new start took. */
  readonly kill: (downMs: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export async function startService(name: string, start: () => Promise<Child>): Promise<Service> {
  let crashes = 0;
  let expected = false;
  let stopped = false;
  let child = await start();
  let coming: Promise<void> = Promise.resolve();
  watch(child);

  function watch(running: Child): void {
    void running.ended.then(() => {
      if (expected || running !== child) return;
      crashes += 1;
      coming = comeBack();
    });
  }

  /** What it needs may be down as well; it is tried until that is back. */
  async function comeBack(): Promise<void> {
    for (;;) {
      if (stopped) return;
      try {
        child = await start();
        watch(child);
        return;
      } catch {
        await sleep(500);
      }
    }
  }

  return {
    name,
    crashes: () => crashes,
    kill: async (downMs) => {
      await coming;
      expected = true;
      child.kill();
      await child.ended;
      await sleep(downMs);
      const begun = Date.now();
      await comeBack();
      expected = false;
      return Date.now() - begun;
    },
    stop: async () => {
      expected = true;
      stopped = true;
      await coming;
      await child.stop();
    },
  };
}
