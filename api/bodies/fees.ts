import type { z } from 'zod';
import { type Cause, causes } from '../../domain/causes.ts';
import { payableOnline } from '../../domain/charges.ts';
import type { fee } from '../schemas/fees.ts';
import type { Words } from '../words.ts';
import { causeName } from '../../notices/account-names.ts';
import { moneyOf } from './desk.ts';

type Body = z.input<typeof fee>;

/** What a fee costs by the policy, in minor units; `rule` is the key of what it is charged for. */
interface Priced {
  readonly rule: string;
  readonly amountMinor?: number | undefined;
  readonly maxMinor?: number | undefined;
  readonly dailyCapMinor?: number | undefined;
  readonly period?: string;
  readonly groups?: Readonly<Record<string, 'exempt' | { amountMinor: number; subsidyMinor: number }>>;
}

/** The library's whole schedule (P1, I20): what is not named costs nothing. */
export function feesOf(words: Words): Body[] {
  return causes.flatMap((cause) => {
    const priced = pricedBy(words, cause);
    return priced ? [feeBody(words, cause, priced)] : [];
  });
}

function pricedBy({ policy }: Words, cause: Cause): Priced | undefined {
  const { loans, membership, money } = policy;
  if (cause === 'overdue') {
    if (loans.overdueFee === 'none') return undefined;
    const { per, amountMinor, capMinor } = loans.overdueFee;
    return { rule: `overdue-${per}`, amountMinor, maxMinor: capMinor };
  }
  if (cause === 'membership') {
    if (membership === 'none') return undefined;
    return { rule: 'membership', ...membership };
  }
  const found = money.fees[cause];
  if (!found) return undefined;
  if (cause === 'hold') return { rule: `hold-${money.fees.hold?.when}`, ...found };
  if (cause === 'interlibrary-loan' || cause === 'document-delivery') return { rule: 'request', ...found };
  if (cause === 'lost') return { rule: 'lost', ...found };
  return { rule: 'amountMinor' in found && found.amountMinor !== undefined ? 'fixed' : 'by-case', ...found };
}

function feeBody(words: Words, cause: Cause, priced: Priced): Body {
  const shown = (minor: number | undefined) => (minor === undefined ? null : moneyOf(words, minor));
  const { rule, amountMinor, maxMinor, dailyCapMinor, period = null, groups = {} } = priced;
  return {
    cause,
    name: causeName(words, cause),
    rule: words.text(`money.rule.${rule}`),
    price: shown(amountMinor),
    atMost: shown(maxMinor),
    dailyAtMost: shown(dailyCapMinor),
    period,
    payableOnline: payableOnline(words.policy, cause),
    groups: Object.entries(groups).map(([code, share]) => {
      const { amountMinor: whole, subsidyMinor } =
        share === 'exempt' ? { amountMinor: 0, subsidyMinor: 0 } : share;
      const name = words.policy.userGroups.find((each) => each.code === code)?.name[words.language] ?? code;
      return {
        code,
        name,
        pays: moneyOf(words, whole - subsidyMinor),
        subsidy: moneyOf(words, subsidyMinor),
      };
    }),
  };
}
