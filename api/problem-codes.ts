import type { RefusalCode } from '../domain/refusal.ts';
import type { ProblemCode } from '../notices/codes.ts';

export { problemCodes } from '../notices/codes.ts';
export type { ProblemCode } from '../notices/codes.ts';

/** What can be wrong with a request itself, whatever it asks for. */
const general: Record<Exclude<ProblemCode, RefusalCode>, number> = {
  'invalid-json': 400,
  'idempotency-key-missing': 400,
  unauthenticated: 401,
  'session-expired': 401,
  'sign-in-failed': 401,
  forbidden: 403,
  'new-password-required': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'still-working': 409,
  'link-expired': 410,
  'precondition-failed': 412,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'invalid-input': 422,
  'idempotency-key-reused': 422,
  'too-short': 422,
  'too-long': 422,
  characters: 422,
  'birth-date': 422,
  common: 422,
  'precondition-required': 428,
  'too-many-attempts': 429,
  internal: 500,
  'database-unavailable': 503,
  'engine-unavailable': 503,
};

/**
 * Refusals by the library's rules are 409: the same request may succeed once things have changed. What does not exist, or is none of the
 * caller's business, is 404; a choice the library does not offer is a mistake of the form, 422.
 */
const refusals: Record<RefusalCode, 404 | 409 | 422> = {
  'patron-unknown': 404,
  'patron-blocked': 409,
  'patron-expired': 409,
  'patron-closed': 409,
  'fee-unpaid': 409,
  'title-unknown': 404,
  'item-unknown': 404,
  'title-without-items': 409,
  'on-shelf': 409,
  'not-latest-issue': 409,
  'not-for-loan': 409,
  'item-lost': 409,
  'item-missing': 409,
  'item-withdrawn': 409,
  'item-on-loan': 409,
  'item-on-loan-to-you': 409,
  'item-kept-for-other': 409,
  'title-has-queue': 409,
  'hold-unknown': 404,
  'hold-exists': 409,
  'hold-limit': 409,
  'hold-limit-kind': 409,
  'hold-in-transit': 409,
  'hold-secured': 409,
  'hold-ended': 409,
  'hold-not-secured': 409,
  'cart-full': 409,
  'place-unknown': 422,
  'contact-mail-unavailable': 409,
  'contact-phone-unavailable': 409,
  'contact-unknown': 422,
  'already-contacted': 409,
  'loan-unknown': 404,
  'loan-ended': 409,
  'loan-limit': 409,
  'loan-limit-kind': 409,
  'renewal-limit': 409,
  'renewal-overdue': 409,
  'renewal-title-held': 409,
  'renewal-kind': 409,
  'renewal-same-date': 409,
  'block-unknown': 404,
  'block-lifted': 409,
  'patron-has-loans': 409,
  'patron-owes': 409,
  'item-state-unchanged': 409,
  'closure-exists': 409,
  'closure-unknown': 404,
  'task-unknown': 404,
  'task-resolved': 409,
  'notice-unknown': 404,
  'notice-not-resendable': 409,
};

/** The HTTP status of every problem. */
export const problemStatus: Readonly<Record<ProblemCode, number>> = { ...general, ...refusals };
