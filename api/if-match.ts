import { z } from 'zod';
import { problem } from './problem.ts';

/** For routes that change what somebody has seen: the header, whose absence is a problem of its own (428). */
export const ifMatch = z.object({
  'if-match': z.string().max(200).optional().describe('The `ETag` of what is to be changed.'),
});

/** The version as an `ETag` names it. */
export const etagOf = (version: string): string => `"${version}"`;

/** The version the caller has seen. Throws 428 without the header; one of another form is a version nothing has. */
export function versionSeen({ 'if-match': given }: z.output<typeof ifMatch>): string {
  if (given === undefined) throw problem('precondition-required');
  return /^"([^"]*)"$/.exec(given)?.[1] ?? given;
}
