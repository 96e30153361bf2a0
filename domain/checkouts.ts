/**
 * What a gateway says of a checkout: `opening`, not asked for yet, or the answer was lost; `open`, may be paid; `pending`, paid but not yet certain; `paid`; `closed`,
 * cannot be paid any more.
 */
export const checkoutStates = ['opening', 'open', 'pending', 'paid', 'closed'] as const;

export type CheckoutState = (typeof checkoutStates)[number];

/** Instants are epoch milliseconds. */
interface Waiting {
  readonly begunAt: number;
  readonly expiresAt: number;
  readonly now: number;
}

const minute = 60_000;

/**
 * When a gateway that sends no notification is asked next (P8): a sixth into the time there is to pay, at its end, and after that ever more seldom, from every
 * minute to every hour, until the gateway says that nothing can be paid any more.
 */
export function nextLookAt({ begunAt, expiresAt, now }: Waiting): number {
  const first = begunAt + (expiresAt - begunAt) / 6;
  if (now < first) return Math.ceil(first);
  if (now < expiresAt) return expiresAt;
  return now + Math.min(Math.max(now - expiresAt, minute), 60 * minute);
}
