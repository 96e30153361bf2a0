import type { RefusalCode } from '../domain/refusal.ts';
import type { ProblemCode } from '../notices/codes.ts';
import { accountsRefusals } from './refusals/accounts.ts';
import { circulationRefusals } from './refusals/circulation.ts';
import { illRefusals } from './refusals/ill.ts';
import { moneyRefusals } from './refusals/money.ts';
import type { RefusalStatus } from './refusals/statuses.ts';

export { problemCodes } from '../notices/codes.ts';
export type { ProblemCode } from '../notices/codes.ts';

/** What can be wrong with a request itself, whatever it asks for. */
const general: Record<Exclude<ProblemCode, RefusalCode>, number> = {
  'invalid-json': 400,
  'idempotency-key-missing': 400,
  'two-credentials': 400,
  'notification-invalid': 400,
  unauthenticated: 401,
  'session-expired': 401,
  'sign-in-failed': 401,
  'password-wrong': 422,
  'code-wrong': 401,
  'second-factor-unreadable': 409,
  'challenge-expired': 401,
  forbidden: 403,
  'new-password-required': 403,
  'second-factor-required': 403,
  'cross-site': 403,
  'not-found': 404,
  'staff-unknown': 404,
  'method-not-allowed': 405,
  'still-working': 409,
  'nothing-to-confirm': 409,
  'staff-inactive': 409,
  'last-administrator': 409,
  'own-account': 409,
  'identity-failed': 401,
  'identity-not-offered': 404,
  'identity-unavailable': 503,
  'identity-unknown': 404,
  'verification-expired': 410,
  'link-expired': 410,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'voucher-unknown': 404,
  'upload-kind-unknown': 422,
  'upload-unreadable': 422,
  'upload-encrypted': 422,
  'upload-animated': 422,
  'upload-too-many-pages': 422,
  'upload-too-many-pixels': 422,
  'upload-too-slow': 422,
  'upload-infected': 422,
  'invalid-input': 422,
  'idempotency-key-reused': 422,
  'too-short': 422,
  'too-long': 422,
  characters: 422,
  'birth-date': 422,
  common: 422,
  'field-required': 422,
  'field-unknown': 422,
  'field-controls': 422,
  'field-too-long': 422,
  'field-form': 422,
  'day-invalid': 422,
  'number-too-small': 422,
  'number-too-large': 422,
  'number-not-whole': 422,
  'list-empty': 422,
  'list-too-long': 422,
  'name-blanks': 422,
  'name-characters': 422,
  'login-is-email': 422,
  'login-characters': 422,
  'email-invalid': 422,
  'phone-invalid': 422,
  'date-invalid': 422,
  'choice-unknown': 422,
  'staff-login-characters': 422,
  'stated-twice': 422,
  'nothing-selected': 422,
  'credit-into-credit': 422,
  'nothing-changed': 422,
  'named-once': 422,
  'period-reversed': 422,
  'hours-incomplete': 422,
  'hours-reversed': 422,
  'task-by-decision': 409,
  'precondition-required': 428,
  'too-many-attempts': 429,
  'too-many-uploads': 429,
  internal: 500,
  'database-unavailable': 503,
  'engine-unavailable': 503,
  'scanner-unavailable': 503,
  'uploads-busy': 503,
};

/** By subject; a code that none of them has is told by the compiler. */
const refusals: Record<RefusalCode, RefusalStatus> = {
  ...circulationRefusals,
  ...moneyRefusals,
  ...illRefusals,
  ...accountsRefusals,
};

/** The HTTP status of every problem. */
export const problemStatus: Readonly<Record<ProblemCode, number>> = { ...general, ...refusals };
