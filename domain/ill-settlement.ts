/** How far a settlement with another library is (I17); each has a text in every language. */
export const settlementStates = ['drawn', 'sent', 'disputed', 'confirmed', 'settled', 'withdrawn'] as const;

export type SettlementState = (typeof settlementStates)[number];
