/** What of a payment is for which charge; minor units. */
export interface ShareLine {
  readonly chargeId: string;
  readonly amount: bigint;
}

/** A charge as far as money for it is concerned. */
export interface Payable {
  readonly id: string;
  readonly remaining: bigint;
  readonly disputedAt?: Date | null | undefined;
}

export interface Share<C extends Payable> {
  readonly charge: C;
  readonly amount: bigint;
}

/**
 * Shares money among a payment's charges, in the order of its lines (P8): to each what the payment was for, as far as it is still open and not disputed (P7). What is left
 * over is the reader's.
 */
export function shareOut<C extends Payable>(
  lines: readonly ShareLine[],
  charges: ReadonlyMap<string, C>,
  received: bigint,
): Share<C>[] {
  let left = received;
  return lines.flatMap((line) => {
    const charge = charges.get(line.chargeId);
    if (!charge || charge.disputedAt) return [];
    const amount = [line.amount, charge.remaining, left].reduce((least, each) =>
      each < least ? each : least,
    );
    left -= amount;
    return amount > 0n ? [{ charge, amount }] : [];
  });
}
