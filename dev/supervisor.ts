import type { Notebook } from './leftovers.ts';
import type { Child } from './process.ts';

/** Keeps the running parts of a stack: hears of one that ends by itself, and stops all in reverse order. */
export interface Supervisor {
  /** A process that was started: it is stopped with the rest. */
  own: (child: Child) => void;
  /** One of them that is ready: from now on its end is a failure. */
  watch: (child: Child) => void;
  /** Tells of a part that cannot be kept running. */
  fail: (sentence: string) => void;
  /** Whether its parts are to end. */
  isStopping: () => boolean;
  /** A part within this process. */
  onStop: (stop: () => Promise<void>) => void;
  /** Settles with the sentence about the first process that ended though it was to run. */
  broken: Promise<string>;
  stopAll(): Promise<void>;
  killAll(): void;
}

interface Part {
  stop(): Promise<void>;
  kill(): void;
}

export function createSupervisor(notebook: Notebook): Supervisor {
  const parts: Part[] = [];
  const broken = Promise.withResolvers<string>();
  let stopping = false;
  const own = (child: Child) => {
    parts.push(child);
    void notebook.note(child);
  };
  return {
    own,
    watch(child) {
      void child.ended.then(({ sentence }) => !stopping && broken.resolve(sentence));
    },
    fail: broken.resolve,
    isStopping: () => stopping,
    onStop: (stop) => void parts.push({ stop, kill: () => undefined }),
    broken: broken.promise,
    async stopAll() {
      stopping = true;
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) await part.stop();
    },
    killAll() {
      stopping = true;
      for (const part of parts) part.kill();
    },
  };
}
