import { Temporal } from 'temporal-polyfill';
import { civilDay } from './calendar.ts';
import type { Closure } from './calendar.ts';
import { debtReasons } from './charges.ts';
import type { Kind } from './kinds.ts';
import { renewedDueAt } from './loans.ts';
import { standingReasons } from './patrons.ts';
import type { Channel, PatronFacts } from './patrons.ts';
import type { LibraryPolicy } from './policy.ts';
import type { Reason } from './refusal.ts';

/** What decides whether a loan can be renewed. A list that explains renewability and the renewal itself state the same facts (L2). */
export interface RenewalFacts {
  readonly policy: LibraryPolicy;
  readonly closures: readonly Closure[];
  readonly patron: PatronFacts;
  readonly kind: Kind;
  /** Branch of the loan, whose open days count. */
  readonly branch: string;
  readonly dueAt: Temporal.Instant;
  /** How often it was renewed already. */
  readonly renewals: number;
  readonly ended: boolean;
  /** Waiting holds of other readers that this copy could serve. */
  readonly heldByOthers: number;
  readonly channel: Channel;
  readonly now: Temporal.Instant;
}

/** What is the same for all loans of a reader at one moment. */
export type RenewalAccount = Pick<RenewalFacts, 'policy' | 'closures' | 'patron' | 'channel' | 'now'>;

/** What belongs to one loan. */
export type RenewableLoan = Omit<RenewalFacts, keyof RenewalAccount>;

function ownReasons(policy: LibraryPolicy, { kind, renewals, heldByOthers }: RenewableLoan): Reason[] {
  if (kind === 'ill') return [{ code: 'renewal-by-supplier' }];
  const rules = policy.loans.renewals;
  const reasons: Reason[] = [];
  if (!rules.kinds.includes(kind)) reasons.push({ code: 'renewal-kind', kind });
  if (renewals >= rules.max) reasons.push({ code: 'renewal-limit', limit: rules.max, has: renewals });
  if (heldByOthers > 0) reasons.push({ code: 'renewal-title-held', waiting: heldByOthers });
  return reasons;
}

/**
 * Judges the loans of one reader: every reason why a loan cannot be renewed now; empty when it can (L2, F4, H11). Only so often, not when overdue, not
 * while another reader holds the title, not kinds the library does not renew, not when the new due date would be no later than the present one. What is
 * the same for several loans – the reader's standing, the date a branch would give – is worked out once.
 */
export function renewalJudge(account: RenewalAccount): (loan: RenewableLoan) => Reason[] {
  const { policy, closures, now } = account;
  const { patron, channel } = account;
  const standing = [
    ...standingReasons(patron, civilDay(policy, now), channel),
    ...debtReasons(policy, 'renewal', patron.owedMinor),
  ];
  const dates = new Map<string, Temporal.Instant>();
  const renewedAt = ({ branch, kind }: RenewableLoan) => {
    const date = dates.get(branch) ?? renewedDueAt({ policy, closures, branch, kind, from: now });
    dates.set(branch, date);
    return date;
  };
  const dateReasons = (loan: RenewableLoan): Reason[] => {
    const { dueAt } = loan;
    // What the date would be, another library says.
    if (loan.kind === 'ill') return [];
    if (Temporal.Instant.compare(now, dueAt) > 0)
      return [{ code: 'renewal-overdue', dueAt: dueAt.toString() }];
    const isLater = Temporal.Instant.compare(renewedAt(loan), dueAt) > 0;
    return isLater ? [] : [{ code: 'renewal-same-date', dueAt: dueAt.toString() }];
  };
  return (loan) =>
    loan.ended ? [{ code: 'loan-ended' }] : [...standing, ...ownReasons(policy, loan), ...dateReasons(loan)];
}

/** Every reason why one loan cannot be renewed now; empty when it can: see `renewalJudge`. */
export function renewalReasons(facts: RenewalFacts): Reason[] {
  return renewalJudge(facts)(facts);
}
