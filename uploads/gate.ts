/** Lets so many at once do something costly, and so many wait for their turn; whoever comes when those are too many is turned away. */
export interface Gate {
  readonly pass: <T>(work: () => Promise<T>) => Promise<T | 'busy'>;
}

export function createGate({ atOnce, waiting }: { atOnce: number; waiting: number }): Gate {
  let inside = 0;
  const queue: (() => void)[] = [];

  return {
    pass: async (work) => {
      if (inside >= atOnce) {
        if (queue.length >= waiting) return 'busy';
        await new Promise<void>((resolve) => queue.push(resolve));
      } else inside++;
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else inside--;
      }
    },
  };
}
