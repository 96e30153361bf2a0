import type { ProblemCode } from './problem-codes.ts';

/** What can be wrong with a form, field by field (A3). */
export const formProblems: readonly ProblemCode[] = [
  'field-required',
  'field-unknown',
  'field-controls',
  'field-too-long',
  'name-blanks',
  'name-characters',
  'login-is-email',
  'login-characters',
  'email-invalid',
  'phone-invalid',
  'date-invalid',
  'choice-unknown',
  'too-short',
  'too-long',
  'characters',
  'birth-date',
  'common',
];

/** What can be wrong when an applicant answers or corrects. */
export const turnProblems: readonly ProblemCode[] = [
  'application-unknown',
  'application-ended',
  'application-not-awaited',
  'application-changed',
  'engine-unavailable',
];
