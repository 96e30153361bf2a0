import { type Hold, Journal, Patron } from '../../db/entities/index.ts';
import { lockPatron } from '../../db/locks.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { chargeBySchedule } from '../charges/scheduled-charges.ts';

type Moment = 'placed' | 'secured' | 'lapsed';

/** Whether the library charges for holds at this moment; where it does not, nothing is asked of the database. */
export function chargesHold({ money }: LibraryPolicy, when: Moment): boolean {
  return money.fees.hold?.when === when;
}

/** Raises the fee for a hold, once a hold, if this is the moment the policy names. The reader is locked. */
export async function chargeHold(
  tx: Tx,
  policy: LibraryPolicy,
  hold: Pick<Hold, 'id' | 'patronId' | 'kind'>,
  when: Moment,
  { at, actor }: { readonly at: Date; readonly actor: Actor },
): Promise<void> {
  // A request to other libraries has its own price.
  if (hold.kind === 'ill' || !chargesHold(policy, when)) return;
  const patron = await tx.findOneOrFail(Patron, { id: hold.patronId });
  const subject = { type: 'hold', id: hold.id };
  await chargeBySchedule(tx, policy, patron, { cause: 'hold', subject, at, actor });
}

/**
 * Raises the fee for a copy that is ready. A copy is made ready under the locks of title and item, before which the reader's comes; so the hold's own process does it
 * when it looks, and the desk when the copy is collected sooner.
 */
export async function chargeSecured(
  deps: ActivityDeps,
  tx: Tx,
  hold: Hold,
  { at, actor }: { readonly at: Date; readonly actor: Actor },
): Promise<void> {
  const policy = deps.policies.get(hold.library);
  if (hold.kind === 'ill' || hold.state !== 'secured' || !chargesHold(policy, 'secured')) return;
  if ((await tx.count(Journal, { operation: `charge:hold:${hold.id}` })) > 0) return;
  await inTransaction(deps.orm, async (own) => {
    await lockPatron(own, hold.patronId);
    await chargeHold(own, policy, hold, 'secured', { at, actor });
  });
}
