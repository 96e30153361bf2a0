import type { Kind, KindCounts } from './kinds.ts';
import { lentKinds } from './kinds.ts';
import type { Limits } from './policy-circulation.ts';
import type { Reason, RefusalCode } from './refusal.ts';

function countedAs(limits: Limits, kind: Kind): Kind {
  return limits.countAs[kind] ?? kind;
}

/** What is another library's takes no place among the library's own, unless the policy counts it as one of their kinds. */
const isCounted = (limits: Limits, kind: Kind): boolean => countedAs(limits, kind) !== 'ill';

/**
 * Why one more of this kind would pass the limit, in all and for its kind (H2). `counts` is what the reader has now, over all channels.
 * The reasons carry `limit` and `has`.
 */
export function limitReasons(
  limits: Limits,
  counts: KindCounts,
  kind: Kind,
  codes: { readonly total: RefusalCode; readonly kind: RefusalCode },
): Reason[] {
  const group = countedAs(limits, kind);
  const total = lentKinds
    .filter((each) => isCounted(limits, each))
    .reduce((sum, each) => sum + (counts[each] ?? 0), 0);
  const ofGroup = lentKinds
    .filter((each) => countedAs(limits, each) === group)
    .reduce((sum, each) => sum + (counts[each] ?? 0), 0);
  const groupLimit = limits.kinds[group];
  const reasons: Reason[] = [];
  if (isCounted(limits, kind) && total >= limits.total)
    reasons.push({ code: codes.total, limit: limits.total, has: total });
  if (groupLimit !== undefined && ofGroup >= groupLimit) {
    reasons.push({ code: codes.kind, kind: group, limit: groupLimit, has: ofGroup });
  }
  return reasons;
}
