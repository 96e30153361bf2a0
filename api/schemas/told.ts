import type { ProblemCode } from '../problem-codes.ts';

/** For a rule of a schema: what was given wrongly is told in the words of this problem, in the caller's language, not in the parser's. */
export function told(problem: ProblemCode, ...path: string[]) {
  return { params: { problem }, ...(path.length > 0 && { path }) };
}
