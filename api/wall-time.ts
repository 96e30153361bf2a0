import { Temporal } from 'temporal-polyfill';
import type { Words } from './words.ts';

/** An instant as the library's clocks show it, to the second that has begun – so that nothing passes into another day –: `2026-11-22 09:30:00`. */
export function wallTime({ policy }: Pick<Words, 'policy'>, at: number): string {
  const there = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(policy.timeZone);
  const second = there.toPlainDateTime().round({ smallestUnit: 'second', roundingMode: 'floor' });
  return second.toString().replace('T', ' ');
}
