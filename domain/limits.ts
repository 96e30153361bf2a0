import type { Kind, KindCounts } from './kinds.ts';
import { kinds } from './kinds.ts';
import type { Limits } from './policy-circulation.ts';
import type { Reason, RefusalCode } from './refusal.ts';

function countedAs(limits: Limits, kind: Kind): Kind {
  return limits.countAs[kind] ?? kind;
}

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
  const total = kinds.reduce((sum, each) => sum + (counts[each] ?? 0), 0);
  const ofGroup = kinds
    .filter((each) => countedAs(limits, each) === group)
    .reduce((sum, each) => sum + (counts[each] ?? 0), 0);
  const groupLimit = limits.kinds[group];
  const reasons: Reason[] = [];
  if (total >= limits.total) reasons.push({ code: codes.total, limit: limits.total, has: total });
  if (groupLimit !== undefined && ofGroup >= groupLimit) {
    reasons.push({ code: codes.kind, kind: group, limit: groupLimit, has: ofGroup });
  }
  return reasons;
}
