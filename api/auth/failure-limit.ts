/** Counts failures by network in this process, so that somebody without a secret keeps neither the parser nor the database busy. */
export interface FailureLimit {
  /** Until when (epoch milliseconds) a network that has failed too often has to wait; undefined: it may go on. */
  readonly closedUntil: (network: string, now: number) => number | undefined;
  readonly failed: (network: string, now: number) => void;
}

interface Counted {
  readonly since: number;
  readonly failures: number;
}

/** No more networks than that are remembered; the oldest are forgotten first. */
const mostNetworks = 10_000;

/**
 * @param most failures that a network has in a while
 * @param whileMs how long they count, in milliseconds
 */
export function createFailureLimit(most: number, whileMs: number): FailureLimit {
  const counted = new Map<string, Counted>();
  const known = (network: string, now: number): Counted | undefined => {
    const found = counted.get(network);
    return found && now - found.since < whileMs ? found : undefined;
  };
  return {
    closedUntil: (network, now) => {
      const found = known(network, now);
      return found && found.failures >= most ? found.since + whileMs : undefined;
    },
    failed: (network, now) => {
      const { since, failures } = known(network, now) ?? { since: now, failures: 0 };
      counted.delete(network);
      counted.set(network, { since, failures: failures + 1 });
      const [oldest] = counted.keys();
      if (counted.size > mostNetworks && oldest !== undefined) counted.delete(oldest);
    },
  };
}
