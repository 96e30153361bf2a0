/** What the requesting agency does or asks; `HoldReturn` and `Lost` since 2021. */
export const actions = [
  'StatusRequest',
  'Received',
  'Cancel',
  'Renew',
  'HoldReturn',
  'ShippedReturn',
  'ShippedForward',
  'Notification',
  'Lost',
] as const;

export const reasonsForMessage = [
  'RequestResponse',
  'StatusRequestResponse',
  'RenewResponse',
  'CancelResponse',
  'StatusChange',
  'Notification',
] as const;

/** Where a request stands with its supplier; `HoldReturn` and `ReleaseHoldReturn` since 2021. */
export const statuses = [
  'RequestReceived',
  'ExpectToSupply',
  'WillSupply',
  'Loaned',
  'Overdue',
  'Recalled',
  'RetryPossible',
  'Unfilled',
  'HoldReturn',
  'ReleaseHoldReturn',
  'CopyCompleted',
  'LoanCompleted',
  'CompletedWithoutReturn',
  'Cancelled',
] as const;

/** What staff do with the line to another agency: hold its messages back, let them go, try now, give up the one that waits first. */
export const lineChanges = ['pause', 'resume', 'try', 'give-up'] as const;

export type LineChange = (typeof lineChanges)[number];
export type Action = (typeof actions)[number];
export type ReasonForMessage = (typeof reasonsForMessage)[number];
export type Status = (typeof statuses)[number];
