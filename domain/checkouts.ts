/**
 * What a gateway says of a checkout: `opening`, not asked for yet, or the answer was lost; `open`, may be paid; `pending`, paid but not yet certain; `paid`; `closed`,
 * cannot be paid any more.
 */
export const checkoutStates = ['opening', 'open', 'pending', 'paid', 'closed'] as const;

export type CheckoutState = (typeof checkoutStates)[number];
