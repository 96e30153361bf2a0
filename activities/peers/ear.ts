import type { Listening } from './lines.ts';

/** Who has sent waits so long for more before it ends, and looks so often for what other workers have queued; milliseconds. */
const lingerMs = 500;
const glanceMs = 250;

/** Waits for what is queued in this process, as long as it comes; times are epoch milliseconds. */
export interface Ear {
  readonly isOpen: () => boolean;
  /** Something has come. */
  readonly heard: (now: number) => void;
  /** Waits a moment. When nothing has come for long, it closes instead: whoever queues from then on tells the engine, and one more look finds what was queued before. */
  readonly listen: (now: number) => Promise<void>;
}

export function createEar(listening: Listening, begun: number): Ear {
  let lastAt = begun;
  let open = true;
  return {
    isOpen: () => open,
    heard: (now) => {
      lastAt = now;
    },
    listen: async (now) => {
      if (!open) return;
      if (now - lastAt < lingerMs) {
        await listening.wait(glanceMs);
        return;
      }
      listening.close();
      open = false;
    },
  };
}
