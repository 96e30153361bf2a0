/** Why staff block a card; each has a text in every language. */
export const blockReasons = [
  'manual',
  'card-lost',
  'items-outstanding',
  'fees',
  'details-wrong',
  'house-rules',
] as const;

export type BlockReason = (typeof blockReasons)[number];
