/** `waiting`: staff have not decided on it. */
export const voucherStates = ['waiting', 'accepted', 'refused'] as const;

export type VoucherState = (typeof voucherStates)[number];
