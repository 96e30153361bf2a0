import type { Notice, Patron, Payment } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Outcome } from '../../domain/matching.ts';
import { showReference } from '../../domain/payment-reference.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { paymentSubject } from '../record.ts';

/** What a settlement from a bank's statement came to; minor units. */
export interface Told {
  readonly outcome: Outcome;
  readonly amount: bigint;
  readonly allocated?: bigint;
  /** What is still open of what was to be paid, or is to be paid again. */
  readonly left?: bigint;
  readonly entryId: string;
  readonly at: Date;
}

const kinds = {
  short: 'payment-short',
  double: 'payment-double',
  returned: 'payment-returned',
  charged: 'payment-returned',
} as const;

const isTold = (outcome: Outcome): outcome is keyof typeof kinds => outcome in kinds;

/** Queues what a reader has to know beyond the receipt: that something is left to pay, that it was paid twice, or that it has come back (P9). */
export async function tellOfSettlement(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  payment: Payment,
  { outcome, amount, allocated = 0n, left = 0n, entryId, at }: Told,
): Promise<void> {
  if (!isTold(outcome)) return;
  const other = outcome === 'double' ? amount - allocated : left;
  const minor = { amountMinor: Number(amount), otherMinor: Number(other) };
  const content = { ...minor, currency: payment.currency, ...(outcome === 'charged' && { charged: true }) };
  const reference = payment.reference == null ? {} : { reference: payment.reference };
  await queueNotice(tx, policy, patron, paymentSubject(payment), {
    kind: kinds[outcome],
    cause: `${entryId} ${at.getTime()}`,
    at,
    content: { ...content, ...reference },
  });
}

/** What a notice about a transfer tells; undefined for notices about something else. */
export function transferContent({ kind, content }: Notice): NoticeContent | undefined {
  const known = Object.values(kinds).find((each) => each === kind);
  if (known === undefined) return undefined;
  const { amountMinor, otherMinor, currency, reference, charged } = content as Readonly<
    Record<string, unknown>
  >;
  const money = (minor: unknown) => ({ amountMinor: Number(minor), currency: String(currency) });
  return {
    kind: known,
    data: {
      amount: money(amountMinor),
      other: money(otherMinor),
      reference: typeof reference === 'string' ? showReference(reference) : undefined,
      charged: charged === true,
    },
  };
}
