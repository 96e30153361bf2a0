import { setTimeout as sleep } from 'node:timers/promises';
import type { Child, Ending } from './process.ts';
import { SetupError } from './setup-error.ts';
import type { Surroundings } from './stack.ts';

/** How often a part that ends is started again. */
export interface Patience {
  /** Milliseconds before each new start in a row; when they are used up, it is given up. */
  readonly delaysMs: readonly number[];
  /** Whoever ran longer than this begins a new row. */
  readonly quickMs: number;
}

export const usualPatience: Patience = { delaysMs: [1000, 2000, 4000, 8000], quickMs: 60_000 };

type Told = Pick<Ending, 'brief' | 'sentence'>;

/** Starts a part again that ends by itself, and says so. One that keeps ending soon after its start is a failure of the whole. */
export async function keepRunning(
  { supervisor, progress }: Pick<Surroundings, 'supervisor' | 'progress'>,
  { name, child, start }: { name: string; child: Child; start: () => Promise<Child> },
  { delaysMs, quickMs }: Patience,
): Promise<void> {
  let ended: Promise<Told> = child.ended;
  let began = Date.now();
  for (let inRow = 1; ; inRow += 1) {
    const { brief, sentence } = await ended;
    if (supervisor.isStopping()) return;
    if (Date.now() - began >= quickMs) inRow = 1;
    const delayMs = delaysMs[inRow - 1];
    if (delayMs === undefined) {
      supervisor.fail(`${sentence}\n\nIt has ended ${inRow} times in a row, and is not started again.`);
      return;
    }
    progress.say(`${brief}. It is started again in ${delayMs / 1000} s.`);
    await sleep(delayMs, undefined, { ref: false });
    if (supervisor.isStopping()) return;
    began = Date.now();
    ended = begin(start, () => progress.say(`${name.charAt(0).toUpperCase()}${name.slice(1)} runs again.`));
  }
}

/** How the next one ends, or why it does not even start. */
async function begin(start: () => Promise<Child>, ready: () => void): Promise<Told> {
  try {
    const child = await start();
    ready();
    return await child.ended;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { brief: error.message.split(/[.:]?\n|\. Its last lines/u)[0] ?? '', sentence: error.message };
  }
}
