import { Temporal } from 'temporal-polyfill';
import { civilDay } from './calendar.ts';
import type { Closure } from './calendar.ts';
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

function dueDateReasons(facts: RenewalFacts): Reason[] {
  const { dueAt, now } = facts;
  const due = dueAt.toString();
  if (Temporal.Instant.compare(now, dueAt) > 0) return [{ code: 'renewal-overdue', dueAt: due }];
  const renewed = renewedDueAt({ ...facts, from: now });
  return Temporal.Instant.compare(renewed, dueAt) <= 0 ? [{ code: 'renewal-same-date', dueAt: due }] : [];
}

/**
 * Every reason why a loan cannot be renewed now; empty when it can (L2, F4, H11): only so often, not when overdue, not while another reader
 * holds the title, not kinds the library does not renew, not when the new due date would be no later than the present one.
 */
export function renewalReasons(facts: RenewalFacts): Reason[] {
  if (facts.ended) return [{ code: 'loan-ended' }];
  const { policy, kind, renewals, heldByOthers } = facts;
  const rules = policy.loans.renewals;
  const reasons = standingReasons(facts.patron, civilDay(policy, facts.now), facts.channel);
  if (!rules.kinds.includes(kind)) reasons.push({ code: 'renewal-kind', kind });
  if (renewals >= rules.max) reasons.push({ code: 'renewal-limit', limit: rules.max, has: renewals });
  if (heldByOthers > 0) reasons.push({ code: 'renewal-title-held', waiting: heldByOthers });
  return [...reasons, ...dueDateReasons(facts)];
}
