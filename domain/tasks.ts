import { decisions } from './registration.ts';

/** What waits for staff on the work list (G2); each has a text in every language. */
export const taskKinds = [
  'phone-reader',
  'email-failing',
  'review-application',
  'charge-disputed',
  'gateway-money',
  'gateway-refund',
  'ill-price',
  'ill-settlement',
  'review-request',
  'request-asks',
  'request-late',
  'request-too-late',
  'request-message',
  'payment-surplus',
  'check-voucher',
  'bank-entry',
  'bank-return',
  'statement-gap',
  'peer-failing',
  'ill-send-back',
  'ill-missing',
  'ill-fetch',
  'ill-renewal',
  'ill-lost-charge',
  'ill-return-differs',
  'supply-late',
  'supply-wish',
  'supply-overdue',
  'supply-unsent',
] as const;

export type TaskKind = (typeof taskKinds)[number];

/** What came of a task; `settled`: staff have seen to it; `dropped`: it was no longer needed. A review ends with its decision. */
export const taskOutcomes = [
  'reached',
  'not-reached',
  'settled',
  'dropped',
  'kept',
  'sent-back',
  'upheld',
  'rejected',
  'accepted',
  'refused',
  ...decisions,
] as const;

export type TaskOutcome = (typeof taskOutcomes)[number];
