import type { PaymentState } from './payments.ts';
import type { Reason } from './refusal.ts';
import type { Actor } from './roles.ts';

/** `waiting`: staff have not decided on it. */
export const voucherStates = ['waiting', 'accepted', 'refused'] as const;

export type VoucherState = (typeof voucherStates)[number];

/** `refuse`: the reader may send another; `refuse-for-good`: the payment ends. */
export const voucherDecisions = ['accept', 'refuse', 'refuse-for-good'] as const;

export type VoucherDecision = (typeof voucherDecisions)[number];

/** A payment and its vouchers as they are decided on. */
export interface VouchersAtHand {
  readonly state: PaymentState;
  /** Ids of those that wait. */
  readonly waiting: readonly string[];
  /** Who decided last, and when; if nobody did, null. */
  readonly last: { readonly by: Actor; readonly at: Date; readonly state: VoucherState } | null;
}

/** A decision as it is asked for. */
export interface DecisionWish {
  readonly decision: VoucherDecision;
  readonly seen: readonly string[];
  readonly hasRemark: boolean;
}

/** Everything that speaks against a decision (P4): a colleague was quicker, the reader has sent another page meanwhile, a refusal does not say why. */
export function decisionReasons(at: VouchersAtHand, wish: DecisionWish): Reason[] {
  const { state, waiting, last } = at;
  if (state !== 'submitted' || waiting.length === 0) {
    if (last)
      return [{ code: 'voucher-decided', by: last.by, at: last.at.toISOString(), outcome: last.state }];
    return [{ code: 'payment-not-submitted', state }];
  }
  const reasons: Reason[] = [];
  if (!waiting.every((id) => wish.seen.includes(id))) reasons.push({ code: 'voucher-changed' });
  if (wish.decision !== 'accept' && !wish.hasRemark) reasons.push({ code: 'remark-missing' });
  return reasons;
}
