import { refusalCodes } from '../domain/refusal.ts';
import { uploadFaults } from '../domain/upload-faults.ts';

/** Problems of the API itself, whatever was asked for. */
export const generalProblemCodes = [
  'invalid-input',
  'invalid-json',
  'body-too-large',
  'unsupported-media-type',
  'not-found',
  'method-not-allowed',
  'unauthenticated',
  'session-expired',
  'forbidden',
  'new-password-required',
  'idempotency-key-missing',
  'idempotency-key-reused',
  'precondition-required',
  'too-many-attempts',
  'sign-in-failed',
  'engine-unavailable',
  'database-unavailable',
  'still-working',
  'task-by-decision',
  'notification-invalid',
  'internal',
] as const;

/** Why a new password is not taken (A8, A9). */
export const passwordRuleCodes = ['too-short', 'too-long', 'characters', 'birth-date', 'common'] as const;

/** The same, or its link no longer works (A10). */
export const passwordProblemCodes = [...passwordRuleCodes, 'link-expired'] as const;

/** What can be wrong with a session, a second factor or a staff account (A13). */
export const accessProblemCodes = [
  'two-credentials',
  'cross-site',
  'second-factor-required',
  'password-wrong',
  'code-wrong',
  'second-factor-unreadable',
  'challenge-expired',
  'nothing-to-confirm',
  'staff-unknown',
  'staff-inactive',
  'last-administrator',
  'own-account',
  'identity-failed',
  'identity-not-offered',
  'identity-unavailable',
  'identity-unknown',
  'verification-expired',
] as const;

/** What is wrong with a field of a form (A3). */
export const formProblemCodes = [
  'field-required',
  'field-unknown',
  'field-controls',
  'field-too-long',
  'field-form',
  'day-invalid',
  'number-too-small',
  'number-too-large',
  'number-not-whole',
  'list-empty',
  'list-too-long',
  'name-blanks',
  'name-characters',
  'login-is-email',
  'login-characters',
  'email-invalid',
  'phone-invalid',
  'date-invalid',
  'choice-unknown',
  'staff-login-characters',
  'stated-twice',
  'nothing-selected',
  'credit-into-credit',
  'nothing-changed',
  'named-once',
  'period-reversed',
  'hours-incomplete',
  'hours-reversed',
] as const;

/** What is wrong with a file that was sent, or why it cannot be taken now. */
export const uploadProblemCodes = [
  ...uploadFaults,
  'voucher-unknown',
  'scanner-unavailable',
  'uploads-busy',
  'too-many-uploads',
] as const;

/** Every problem with a title and an explanation in every language (G3). */
export const problemCodes = [
  ...refusalCodes,
  ...generalProblemCodes,
  ...passwordProblemCodes,
  ...formProblemCodes,
  ...uploadProblemCodes,
  ...accessProblemCodes,
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** Why a hold was cancelled, as it is told to the reader. */
export const cancelReasons = [
  'by-reader',
  'by-main-card',
  'by-staff',
  'no-items',
  'patron-closed',
  'item-withdrawn',
] as const;

export type CancelReason = (typeof cancelReasons)[number];

/** Notices are written from stored data; a reason this version does not know must not keep the notice from going out. */
export function isCancelReason(reason: string): reason is CancelReason {
  return cancelReasons.some((each) => each === reason);
}
