/**
 * Every reason for which Carrel refuses something a person asked for. Codes are part of the API: they never change meaning, and each has a
 * text in every language under `locales/` (G3).
 */
export const refusalCodes = [
  // the reader
  'patron-unknown',
  'patron-blocked',
  'patron-expired',
  'patron-closed',
  'fee-unpaid',
  'permission-missing',
  'precondition-failed',
  // the title or item
  'title-unknown',
  'item-unknown',
  'title-without-items',
  'on-shelf',
  'not-latest-issue',
  'not-for-loan',
  'item-lost',
  'item-missing',
  'item-withdrawn',
  'item-on-loan',
  'item-on-loan-to-you',
  'item-kept-for-other',
  'title-has-queue',
  // holds
  'hold-unknown',
  'hold-exists',
  'hold-limit',
  'hold-limit-kind',
  'hold-in-transit',
  'hold-secured',
  'hold-ended',
  'hold-not-secured',
  'cart-full',
  'place-unknown',
  'contact-mail-unavailable',
  'contact-phone-unavailable',
  'contact-unknown',
  'already-contacted',
  // loans
  'loan-unknown',
  'loan-ended',
  'loan-limit',
  'loan-limit-kind',
  'renewal-limit',
  'renewal-overdue',
  'renewal-title-held',
  'renewal-kind',
  'renewal-same-date',
  // desk
  'block-unknown',
  'block-lifted',
  'patron-has-loans',
  'patron-owes',
  'patron-has-holds',
  'patron-has-credit',
  'patron-has-deposit',
  'patron-has-application',
  'card-differs',
  'item-state-unchanged',
  'closure-exists',
  'closure-unknown',
  'task-unknown',
  'task-resolved',
  'notice-unknown',
  'notice-not-resendable',
  // family cards
  'family-not-offered',
  'family-full',
  'main-card-unknown',
  'main-card-closed',
  'main-card-is-sub',
  'main-card-own',
  'already-sub-card',
  'sub-card-has-subs',
  'not-a-sub-card',
  'no-sub-cards',
  'patron-has-subs',
  'consent-exists',
  'consent-unknown',
  'consent-by-holder-only',
  'birth-date-unknown',
  // charges and payments
  'charge-unknown',
  'charge-settled',
  'payment-exceeds-charge',
  'credit-too-small',
  'payment-unknown',
  'payment-reversed',
  'payment-of-dropped-charge',
  'payment-followed',
  'membership-without-fee',
  'membership-of-sub-card',
  'membership-not-due',
  'branch-unknown',
  // e-mail addresses
  'email-none',
  'email-same',
  'email-link-expired',
  // registration
  'application-unknown',
  'application-ended',
  'application-decided',
  'application-changed',
  'application-unconfirmed',
  'application-not-awaited',
  'application-open',
  'application-has-account',
  'procedure-unknown',
  'identity-missing',
  'identity-bound',
  'permission-held',
  'card-taken',
  'card-number-wrong',
  'login-taken',
  'user-group-unknown',
  'remark-missing',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** One reason, with the numbers and dates a reader needs to understand it (for example `limit: 10, has: 10`). */
export interface Reason {
  readonly code: RefusalCode;
  readonly [detail: string]: string | number | boolean;
}

/** The answer to something that was refused: all reasons at once, never only the first. */
export interface Refused {
  readonly refused: readonly Reason[];
}

export function refuse(...reasons: Reason[]): Refused {
  return { refused: reasons };
}

export function isRefused(outcome: object): outcome is Refused {
  return 'refused' in outcome;
}
