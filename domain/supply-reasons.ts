/** Open lists of ISO 18626: what staff choose from. What others send may be anything. */
export const unfilledReasons = [
  'NonCirculating',
  'NotAvailableForILL',
  'NotHeld',
  'NotOnShelf',
  'PolicyProblem',
  'PoorCondition',
] as const;

export const retryReasons = [
  'AtBindery',
  'CostExceedsMaxCost',
  'LoanPossible',
  'MustMeetLoanCondition',
  'NotCurrentAvailableForILL',
  'NotFoundAsCited',
  'OnLoan',
  'OnOrder',
  'ReqDelDateNotPossible',
  'ReqDelMethodNotSupp',
  'ReqEditionNotPossible',
  'ReqFormatNotPossible',
  'ReqServTypeNotPossible',
] as const;

export const loanConditions = [
  'LibraryUseOnly',
  'NoReproduction',
  'SignatureRequired',
  'SpecCollSupervReq',
  'WatchLibraryUseOnly',
] as const;

export type UnfilledReason = (typeof unfilledReasons)[number];
export type RetryReason = (typeof retryReasons)[number];
export type LoanCondition = (typeof loanConditions)[number];

/** Every reason that has a text, those that our own readers and staff give with it. */
export const toldReasons = [
  ...unfilledReasons,
  ...retryReasons,
  'LoanCondition',
  'MultiVolAvail',
  'CourierNotSupp',
  'ReqPayMethodNotSupported',
  'ReqServLevelNotSupp',
  'price-refused',
  'terms-refused',
] as const;
