import type { SupplyRequest } from '../../db/entities/index.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { overdueAt } from '../../domain/supply.ts';
import type { Standing } from '../../domain/standing.ts';
import { instant } from '../facts.ts';

/** When the process has to look again whatever it hears: an answer falls late, what is lent falls overdue. */
export function planNextLook(policy: LibraryPolicy, supply: SupplyRequest): void {
  supply.lookAt = nextLook(policy, supply);
}

function nextLook(policy: LibraryPolicy, supply: SupplyRequest): Date | null {
  const { waitsFor, lateAt, answerBy, status, dueAt, overdueAt: said, sentBackAt, forwards } = supply;
  if (supply.endedAt || forwards) return null;
  if (waitsFor === 'answer' && !lateAt) return answerBy ?? null;
  if ((status === 'Loaned' || status === 'Recalled') && dueAt && !said && !sentBackAt)
    return new Date(overdueAt(policy, instant(dueAt)).epochMilliseconds);
  return null;
}

/** What the process has to do next. */
export function supplyStanding(supply: SupplyRequest, now: number): Standing {
  const wakeAt = supply.lookAt?.getTime();
  const deadline = (supply.waitsFor === 'answer' ? supply.answerBy : supply.dueAt)?.getTime();
  const ended = supply.endedAt != null;
  return {
    state: supply.status,
    ...(wakeAt !== undefined && { wakeAt }),
    ...(!ended && deadline !== undefined && { deadline }),
    deliver: [],
    ended,
    asOf: now,
  };
}
