import { deskHold, type DeskItem, deskLoan } from '../../../db/queries/desk.ts';
import { findPlace } from '../../../domain/calendar.ts';
import type { LibraryPolicy } from '../../../domain/policy.ts';
import { deskItemBody } from '../../bodies/desk.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Words } from '../../words.ts';

/** The branch a desk belongs to: a stop's desk is the bus, which belongs to the branch that serves it. Throws 422 for another place. */
export function branchOf(policy: LibraryPolicy, desk: string): string {
  const place = findPlace(policy, desk);
  if (!place) throw problem('place-unknown', { place: desk });
  return place.servedFrom;
}

/** A copy with whoever has it or waits for it. */
export async function showItem(
  deps: Pick<ApiDeps, 'orm'>,
  { library }: Pick<StaffCaller, 'library'>,
  item: DeskItem,
  words: Words,
  now: number,
) {
  const [loan, hold] = await Promise.all([
    item.loanId === null ? undefined : deskLoan(deps.orm, library, item.loanId),
    item.holdId === null ? undefined : deskHold(deps.orm, library, item.holdId),
  ]);
  return deskItemBody(item, { loan, hold }, words, now);
}
