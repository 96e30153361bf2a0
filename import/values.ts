import { z } from 'zod';

/** Text of at least one and at most `length` characters. */
export function text(length: number) {
  return z.string('is missing').max(length, `is longer than ${length} characters`);
}

/** A civil date, `YYYY-MM-DD`. */
export const date = z.iso.date('must be a date as 2026-12-28');

export const yesOrNo = z.stringbool({
  truthy: ['yes', 'y', 'true', '1'],
  falsy: ['no', 'n', 'false', '0'],
  error: 'must be yes or no',
});

/** One of a library's codes. */
export function oneOf<const T extends string>(codes: readonly T[]) {
  return z.enum(codes, {
    error: (issue) =>
      issue.input === null || issue.input === undefined ? 'is missing' : `must be one of ${codes.join(', ')}`,
  });
}
