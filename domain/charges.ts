import type { Cause, StaffCause } from './causes.ts';
import type { Language } from './languages.ts';
import type { Fee } from './membership.ts';
import type { LibraryPolicy } from './policy.ts';
import type { DebtsPolicy } from './policy-fees.ts';
import type { Reason } from './refusal.ts';

type Charging = Pick<LibraryPolicy, 'money'>;

/** What a reader of a user group pays for a cause, and what is paid for them; undefined where the schedule has none, or the group pays nothing. */
export function priceOf({ money }: Charging, cause: Cause, userGroup: string): Fee | undefined {
  const fee = money.fees[cause];
  if (fee === undefined || !('groups' in fee)) return undefined;
  const share = fee.groups[userGroup];
  if (share === 'exempt') return undefined;
  const amountMinor = share?.amountMinor ?? fee.amountMinor;
  if (amountMinor === undefined) return undefined;
  const subsidyMinor = share?.subsidyMinor ?? 0;
  return { amountMinor: amountMinor - subsidyMinor, subsidyMinor };
}

/** What may still be charged of an amount when a reader has been charged `todayMinor` for the same cause that day already. */
export function withinDailyCap(
  { money }: Charging,
  cause: Cause,
  amountMinor: number,
  todayMinor: number,
): number {
  const cap = dailyCapOf({ money }, cause);
  return cap === undefined ? amountMinor : Math.max(0, Math.min(amountMinor, cap - todayMinor));
}

export function dailyCapOf({ money }: Charging, cause: Cause): number | undefined {
  const fee = money.fees[cause];
  return fee && 'dailyCapMinor' in fee ? fee.dailyCapMinor : undefined;
}

/** Whether a charge may be paid online (P3). */
export function payableOnline({ money }: Charging, cause: string): boolean {
  return money.fees[cause as Cause]?.online ?? true;
}

/** What a library calls a fee, where that is not its usual name. */
export function ownName({ money }: Charging, cause: string, language: Language): string | undefined {
  return money.fees[cause as Cause]?.name?.[language];
}

/**
 * What staff may charge for a cause (A13): the schedule's price for the reader's group, or an amount of their own up to the limit. Answers the fee, or why not.
 *
 * @param ownMinor the amount staff state; undefined: by the schedule
 */
export function staffPrice(
  policy: Charging,
  cause: StaffCause,
  userGroup: string,
  ownMinor: number | undefined,
): Fee | readonly Reason[] {
  const fee = policy.money.fees[cause];
  if (fee === undefined) return [{ code: 'fee-unknown', cause }];
  if (ownMinor === undefined)
    return priceOf(policy, cause, userGroup) ?? [{ code: 'fee-without-price', cause }];
  const maxMinor = fee.maxMinor ?? 0;
  if (ownMinor > maxMinor) return [{ code: 'fee-above-limit', cause, limitMinor: maxMinor }];
  return { amountMinor: ownMinor, subsidyMinor: 0 };
}

const limits = {
  hold: 'holdsAboveMinor',
  renewal: 'renewalsAboveMinor',
  loan: 'loansAboveMinor',
} as const satisfies Record<string, keyof DebtsPolicy>;

/** Whether a library asks at all what a reader owes before it gives more. */
export function asksForDebts({ money }: Charging): boolean {
  return Object.values(limits).some((limit) => money.debts[limit] !== undefined);
}

/**
 * Why a reader who owes too much gets no more (policy `money.debts`): with what is to be paid and the limit, in minor units. `owedMinor` is without what is disputed
 * (P7) and without the usage fee, which has a rule of its own (F4).
 */
export function debtReasons({ money }: Charging, wanted: keyof typeof limits, owedMinor = 0): Reason[] {
  const limitMinor = money.debts[limits[wanted]];
  if (limitMinor === undefined || owedMinor <= limitMinor) return [];
  return [{ code: 'debts', owedMinor, limitMinor }];
}
