import { z } from 'zod';
import { onlineWay } from './policy-online.ts';
import { bankWay, transferWay } from './policy-transfers.ts';
import { localised } from './policy-values.ts';

const none = z.literal('none');

/** Cash at the desk; `session: needed`: only while the branch's till is open, from one count to the next. */
const cashWay = z.union([
  none,
  z.strictObject({ session: z.enum(['needed', 'optional']).default('optional') }),
]);

/** The campus card at the desk's reader; where no branches are named, at all of them. */
const cardWay = z.union([
  none,
  z.strictObject({ name: localised.optional(), branches: z.array(z.string()).min(1).optional() }),
]);

/**
 * The reader's prepaid balance (P2). `debit`: fees are taken from it when they fall due, or only when reader or desk say so. `paidIn`: whether what is paid in
 * later is used for fees that are open by then. `payOut`: whether the desk pays it out again.
 */
const creditWay = z.union([
  none,
  z.strictObject({
    debit: z.enum(['automatic', 'asked']).default('automatic'),
    paidIn: z.enum(['keep', 'debit']).default('keep'),
    payOut: z.boolean().default(true),
  }),
]);

/** The ways to pay a library offers (P3), by their means. */
export const waysPolicy = z.strictObject({
  cash: cashWay.prefault({}),
  card: cardWay.default('none'),
  credit: creditWay.prefault({}),
  online: z.array(onlineWay).default([]),
  transfer: z.array(transferWay).default([]),
  bank: z.array(bankWay).default([]),
});

export type WaysPolicy = z.output<typeof waysPolicy>;

/** Whether something can be paid by these means at the desk of a branch (P3). */
export function paidAtDesk(
  { cash, card, credit }: Pick<WaysPolicy, 'cash' | 'card' | 'credit'>,
  means: 'cash' | 'card' | 'credit',
  branch: string,
): boolean {
  if (means === 'cash') return cash !== 'none';
  if (means === 'credit') return credit !== 'none';
  return card !== 'none' && (card.branches === undefined || card.branches.includes(branch));
}
