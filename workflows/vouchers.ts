import { defineUpdate, setHandler } from '@temporalio/workflow';
import type { PaymentOutcome } from '../activities/payments/payment-steps.ts';
import type { DecideVouchers, GiveVoucher } from '../activities/payments/voucher-steps.ts';
import type { Refused } from '../domain/refusal.ts';
import type { Standing } from '../domain/standing.ts';
import { made, type Made } from './made.ts';
import type { Bell } from './process.ts';
import { database } from './proxies.ts';
import { requireTexts } from './validate.ts';

type Wish<T> = Omit<T, 'paymentId' | keyof Made>;
type Answer = Refused | { readonly standing: Standing };

/** Proof of the payment: a file the API has stored, or a paper at the desk (P4). */
export const giveVoucher = defineUpdate<Answer, [Wish<GiveVoucher>]>('giveVoucher');
/** The cashier's decision on all proof that waits. */
export const decideVouchers = defineUpdate<Answer, [Wish<DecideVouchers>]>('decideVouchers');

/** What a payment by transfer hears of besides its money. */
export function hearOfVouchers(paymentId: string, bell: Bell): void {
  const tell = (outcome: PaymentOutcome): Answer => {
    if (!('standing' in outcome)) return outcome;
    bell.ring(outcome.standing);
    return { standing: outcome.standing };
  };
  setHandler(
    giveVoucher,
    async (wish) => tell(await database.giveVoucher({ ...wish, paymentId, ...made() })),
    { validator: (wish) => requireTexts(wish, 'actor', 'voucherId') },
  );
  setHandler(
    decideVouchers,
    async (wish) => tell(await database.decideVouchers({ ...wish, paymentId, ...made() })),
    { validator: (wish) => requireTexts(wish, 'actor', 'decision') },
  );
}
