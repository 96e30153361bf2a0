/**
 * `open`: staff have it; `upheld`: the charge was waived, wholly or in part; `rejected`: it is due again; `withdrawn` by the reader; `dropped` with the charge
 * itself (P7).
 */
export const disputeStates = ['open', 'upheld', 'rejected', 'withdrawn', 'dropped'] as const;

export type DisputeState = (typeof disputeStates)[number];
