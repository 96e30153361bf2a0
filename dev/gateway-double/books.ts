import { randomBytes } from 'node:crypto';

/** Money the double took or gave back. Minor units; epoch milliseconds. */
export interface DoubleMoney {
  readonly ref: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly at: number;
}

export interface DoubleRefund extends DoubleMoney {
  readonly refundId: string;
  readonly captureRef: string;
}

export interface DoubleCheckout {
  readonly ref: string;
  readonly paymentId: string;
  readonly library: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string;
  readonly language: string;
  readonly expiresAt: number;
  readonly returnUrl: string;
  readonly notifyUrl: string;
  closed: boolean;
  readonly captures: DoubleMoney[];
  readonly refunds: DoubleRefund[];
}

export type DoubleState = 'open' | 'paid' | 'closed';

export const newRef = (kind: string): string => `${kind}_${randomBytes(12).toString('hex')}`;

export function stateOf({ captures, closed, expiresAt }: DoubleCheckout, now: number): DoubleState {
  if (captures.length > 0) return 'paid';
  return closed || now >= expiresAt + graceMs ? 'closed' : 'open';
}

/** The double keeps a checkout open a little longer than it was asked to, as services do. */
const graceMs = 60_000;

/** What is kept of each amount by the double: 1.4 % and 25 minor units, rounded to a whole unit, and never more than the amount. */
export function feeOf(amountMinor: number): number {
  return Math.min(amountMinor, Math.round(amountMinor * 0.014) + 25);
}

/** The double's own books: what it was asked for, took and gave back. */
export function createBooks(kept: readonly DoubleCheckout[] = []) {
  const byRef = new Map(kept.map((checkout) => [checkout.ref, checkout]));
  const byPayment = new Map(kept.map((checkout) => [checkout.paymentId, checkout]));
  return {
    all: (): DoubleCheckout[] => [...byRef.values()],
    find: (ref: string): DoubleCheckout | undefined => byRef.get(ref),
    ofPayment: (paymentId: string): DoubleCheckout | undefined => byPayment.get(paymentId),
    /** The same payment asked for again finds its first checkout. */
    begin(request: Omit<DoubleCheckout, 'ref' | 'closed' | 'captures' | 'refunds'>): DoubleCheckout {
      const known = byPayment.get(request.paymentId);
      if (known) return known;
      const checkout = { ...request, ref: newRef('co'), closed: false, captures: [], refunds: [] };
      byRef.set(checkout.ref, checkout);
      byPayment.set(checkout.paymentId, checkout);
      return checkout;
    },
    /** Takes money, whatever the state: a double can be told to do what services should not. */
    take(
      checkout: DoubleCheckout,
      amountMinor: number,
      at: number,
      currency = checkout.currency,
    ): DoubleMoney {
      const money = { ref: newRef('py'), amountMinor, currency, at };
      checkout.captures.push(money);
      return money;
    },
    refund(
      captureRef: string,
      { refundId, amountMinor, at }: { refundId: string; amountMinor: number; at: number },
    ): { ref: string } | { refused: string } {
      const checkout = [...byRef.values()].find(({ captures }) =>
        captures.some(({ ref }) => ref === captureRef),
      );
      const capture = checkout?.captures.find(({ ref }) => ref === captureRef);
      if (!checkout || !capture) return { refused: 'unknown' };
      const known = checkout.refunds.find((each) => each.refundId === refundId);
      if (known) return { ref: known.ref };
      const gone = checkout.refunds
        .filter((each) => each.captureRef === captureRef)
        .reduce((sum, each) => sum + each.amountMinor, 0);
      if (gone + amountMinor > capture.amountMinor) return { refused: 'too-much' };
      const { currency } = capture;
      const made = { ref: newRef('re'), refundId, captureRef, amountMinor, currency, at };
      checkout.refunds.push(made);
      return { ref: made.ref };
    },
  };
}

export type Books = ReturnType<typeof createBooks>;

interface Entry {
  readonly kind: 'payment' | 'refund';
  readonly money: DoubleMoney;
  readonly of: string;
}

/** The settlement file of a day (UTC) as CSV: a line each for what was taken and given back, and last the payout of what is left after fees. */
export function settlementFile(books: Books, day: string): string {
  const entries = books
    .all()
    .flatMap(({ captures, refunds }): Entry[] => [
      ...captures.map((money) => ({ kind: 'payment' as const, money, of: money.ref })),
      ...refunds.map((money) => ({ kind: 'refund' as const, money, of: money.captureRef })),
    ])
    .filter(({ money }) => new Date(money.at).toISOString().startsWith(day))
    .toSorted((a, b) => a.money.at - b.money.at);
  const lines = entries.map(({ kind, money, of }) => {
    const gross = kind === 'payment' ? money.amountMinor : -money.amountMinor;
    const fee = kind === 'payment' ? feeOf(gross) : 0;
    return {
      kind,
      id: money.ref,
      of,
      gross,
      fee,
      currency: money.currency,
      at: new Date(money.at).toISOString(),
    };
  });
  const payouts = [...new Set(lines.map(({ currency }) => currency))].map((currency) => {
    const mine = lines.filter((line) => line.currency === currency);
    const gross = -mine.reduce((sum, line) => sum + line.gross - line.fee, 0);
    return {
      kind: 'payout',
      id: payoutOf(day, currency),
      of: '',
      gross,
      fee: 0,
      currency,
      at: `${day}T23:59:59.000Z`,
    };
  });
  const rows = [...lines, ...payouts].map(({ kind, id, of, gross, fee, currency, at }) =>
    [id, kind, of, payoutOf(day, currency), gross, fee, gross - fee, currency, at].join(','),
  );
  return `${['id,kind,payment,payout,gross,fee,net,currency,at', ...rows].join('\r\n')}\r\n`;
}

const payoutOf = (day: string, currency: string): string => `po_${day}_${currency.toLowerCase()}`;
