/**
 * For what a reader is charged (P1). `overdue` and `membership` have policies of their own; `hold` when it is placed, ready or not collected; `lost` is what a copy
 * costs, `processing` the work with it; `document-delivery` and `interlibrary-loan` are priced by the request (I15); `returned-payment` is money of a payment that the bank
 * took back after it had been used (P9); the rest is raised by staff.
 */
export const causes = [
  'overdue',
  'membership',
  'hold',
  'lost',
  'processing',
  'damaged',
  'card',
  'interlibrary-loan',
  'document-delivery',
  'printing',
  'returned-payment',
  'other',
] as const;

export type Cause = (typeof causes)[number];

/** What staff may raise by hand, where the library's schedule names it. */
export const staffCauses = [
  'lost',
  'processing',
  'damaged',
  'card',
  'interlibrary-loan',
  'document-delivery',
  'printing',
  'other',
] as const satisfies readonly Cause[];

export type StaffCause = (typeof staffCauses)[number];

/** Why staff waive what a reader owes; each has a text in every language. */
export const waiverReasons = [
  'goodwill',
  'library-mistake',
  'hardship',
  'not-collectable',
  'dispute-upheld',
  'other',
] as const;

export type WaiverReason = (typeof waiverReasons)[number];
