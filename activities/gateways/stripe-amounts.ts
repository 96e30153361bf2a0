/** Currencies without decimals that Stripe counts in hundredths all the same. */
const inHundredths = new Set(['ISK', 'UGX']);

/**
 * An amount in minor units as Stripe counts it: the currency's own, but for ISK and UGX, which have no decimals any more and are given in hundredths.
 * Of three decimals Stripe takes only those that end in nought; it refuses the others.
 */
export function amountAtStripe(amountMinor: number, currency: string): number {
  return inHundredths.has(currency) ? amountMinor * 100 : amountMinor;
}

export function amountFromStripe(amount: number, currency: string): number {
  return inHundredths.has(currency) ? Math.floor(amount / 100) : amount;
}
