/** How many failures are too many, and how long the lock then is; milliseconds. */
export interface Limit {
  readonly failures: number;
  readonly lockMs: number;
  /** Each further lock is twice as long as the one before, up to a day; a day without one forgets. */
  readonly grows: boolean;
}

/** What has been counted under a key. Instants are epoch milliseconds. */
export interface Counter {
  readonly failures: number;
  /** Locks so far. */
  readonly strikes: number;
  readonly since: number;
  readonly lockedUntil: number | null;
}

const dayMs = 86_400_000;

export const nothingCounted = (now: number): Counter => ({
  failures: 0,
  strikes: 0,
  since: now,
  lockedUntil: null,
});

/** Begins anew when a lock has ended, or when the first failure is longer ago than a lock lasts. */
function current(counter: Counter, limit: Limit, now: number): Counter {
  const ends = counter.lockedUntil ?? counter.since + limit.lockMs;
  if (now < ends) return counter;
  return { failures: 0, strikes: now - ends > dayMs ? 0 : counter.strikes, since: now, lockedUntil: null };
}

function lockLength(limit: Limit, strikes: number): number {
  return limit.grows ? Math.min(limit.lockMs * 2 ** strikes, Math.max(dayMs, limit.lockMs)) : limit.lockMs;
}

/** Whether another attempt may be made. */
export function isAdmitted(counter: Counter, limit: Limit, now: number): boolean {
  return current(counter, limit, now).lockedUntil === null;
}

/**
 * Counts an attempt that was admitted, as one that fails. The one that reaches the limit locks. An attempt while a lock lasts changes nothing: a
 * lock does not become longer.
 */
export function countFailure(counter: Counter, limit: Limit, now: number): Counter {
  const before = current(counter, limit, now);
  if (before.lockedUntil !== null) return before;
  const failures = before.failures + 1;
  if (failures < limit.failures) return { ...before, failures };
  const lockedUntil = now + lockLength(limit, before.strikes);
  return { ...before, failures, strikes: before.strikes + 1, lockedUntil };
}

/** The attempt has succeeded after all: it does not count, nor does the lock that began with it. */
export function takeBack(counter: Counter, limit: Limit): Counter {
  const failures = Math.max(counter.failures - 1, 0);
  if (counter.lockedUntil === null || failures >= limit.failures) return { ...counter, failures };
  return { ...counter, failures, strikes: Math.max(counter.strikes - 1, 0), lockedUntil: null };
}
