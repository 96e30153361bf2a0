import { setTimeout as sleep } from 'node:timers/promises';

interface Waiting<Row> {
  readonly fits: (row: Row) => boolean;
  readonly resolve: (row: Row) => void;
  readonly reject: (error: Error) => void;
  readonly until: number;
}

/** Looks at many rows with one query, again and again, for whoever waits for one of them to become something. */
export function createWatch<Row extends { readonly id: string }>(
  look: (ids: readonly string[]) => Promise<readonly Row[]>,
  everyMs = 20,
) {
  const waiting = new Map<string, Waiting<Row>>();
  let looks = 0;
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.size > 0) {
      looks += 1;
      for (const row of await look([...waiting.keys()])) tell(row);
      for (const [id, { until, reject }] of waiting) {
        if (Date.now() < until) continue;
        waiting.delete(id);
        reject(new Error(`${id} did not become what was waited for`));
      }
      await sleep(everyMs);
    }
    running = false;
  }

  function tell(row: Row): void {
    const one = waiting.get(row.id);
    if (!one?.fits(row)) return;
    waiting.delete(row.id);
    one.resolve(row);
  }

  return {
    /** Queries made so far, each of which the database counts as a commit. */
    looks: () => looks,
    until: (id: string, fits: (row: Row) => boolean, withinMs = 60_000): Promise<Row> =>
      new Promise((resolve, reject) => {
        waiting.set(id, { fits, resolve, reject, until: Date.now() + withinMs });
        if (!running) void run();
      }),
  };
}
