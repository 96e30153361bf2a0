import { formProblemCodes, passwordRuleCodes } from '../notices/codes.ts';
import type { ProblemCode } from './problem-codes.ts';

/** What can be wrong with a form, field by field (A3). */
export const formProblems: readonly ProblemCode[] = [...formProblemCodes, ...passwordRuleCodes];

/** What can be wrong when an applicant answers or corrects. */
export const turnProblems: readonly ProblemCode[] = [
  'application-unknown',
  'application-ended',
  'application-not-awaited',
  'application-changed',
  'engine-unavailable',
];
