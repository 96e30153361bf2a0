import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ProblemError } from '../problem.ts';
import { problem } from '../problem.ts';

/** Says until when (epoch milliseconds), in the library's zone; the same for names that exist and names that do not. */
export function locked(policy: Pick<LibraryPolicy, 'timeZone'>, until: number, now: number): ProblemError {
  const values = { until: new Date(until).toISOString(), timeZone: policy.timeZone };
  const headers = { 'Retry-After': String(Math.max(Math.ceil((until - now) / 1000), 1)) };
  return problem('too-many-attempts', values, { headers });
}
