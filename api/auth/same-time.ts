import { setTimeout as delay } from 'node:timers/promises';

/** Does the work, and answers no sooner than after `ms`: how long it took does not tell what was done. */
export async function noSoonerThan<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const [result] = await Promise.allSettled([work(), delay(ms)]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
