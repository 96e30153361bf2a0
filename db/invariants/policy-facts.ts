import { Temporal } from 'temporal-polyfill';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { countsDays } from '../../domain/policy-values.ts';

/** What the invariants need to know of a library's policy: the columns of `policies` in invariant.ts. */
export function policyFacts(policy: LibraryPolicy): Record<string, unknown> {
  const { limits } = policy.holds;
  const { ill } = policy;
  const { invoices } = policy.money.documents;
  return {
    library: policy.code,
    hold_limit: limits.total,
    hold_kinds: limits.kinds,
    count_as: limits.countAs,
    renewals: policy.loans.renewals.max,
    zone: policy.timeZone,
    notice_time: policy.loans.noticeTime,
    overdue_steps: policy.loans.overdueSteps.map((after) => ({
      after,
      days: countsDays(Temporal.Duration.from(after)),
    })),
    notices: policy.notices,
    // Null where none are issued any more: those of the past may stand.
    ill_downloads: ill === 'none' ? null : ill.delivery.documents.downloads,
    supplied_downloads: ill === 'none' ? null : ill.delivery.documents.supplied.downloads,
    invoice_causes: invoices === 'none' ? null : invoices.causes,
  };
}
