/** Closed code lists of ISO 18626; what was added in the 2021 edition is marked. A value that is not listed is refused by its receiver (clause on closed codes). */
export const requestTypes = ['New', 'Retry', 'Reminder'] as const;

export const requestSubTypes = [
  'BookingRequest',
  'MultipleItemRequest',
  'PatronRequest',
  'TransferRequest',
  'SupplyingLibrarysChoice',
] as const;

export const serviceTypes = ['Copy', 'Loan', 'CopyOrLoan'] as const;

export { actions, reasonsForMessage, statuses } from '../domain/ill-status.ts';
export type { Action, ReasonForMessage, Status } from '../domain/ill-status.ts';

export const messageStatuses = ['OK', 'ERROR'] as const;

export const errorTypes = [
  'UnsupportedActionType',
  'UnsupportedReasonForMessageType',
  'UnrecognisedDataElement',
  'UnrecognisedDataValue',
  'BadlyFormedMessage',
] as const;

export const answers = ['Y', 'N'] as const;

export const preferredEditions = ['MostRecentEdition', 'ThisEdition', 'AnyEdition'] as const;

export type ErrorType = (typeof errorTypes)[number];
export type ServiceType = (typeof serviceTypes)[number];

/** Values of closed lists that the 2017 edition does not know yet. */
export const since2021: ReadonlySet<string> = new Set(['HoldReturn', 'ReleaseHoldReturn', 'Lost']);
