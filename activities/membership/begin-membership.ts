import { reader } from '../../db/transaction.ts';
import type { ActivityDeps } from '../deps.ts';

interface Begun {
  readonly id: string;
  readonly library: string;
}

/**
 * Starts the usage fee's processes of the cards that have a fee of their own from now on (F2): opened just now, or single again. Called after the commit, as often as the
 * step is repeated; what is lost between the two, the sweep does. In a library without a fee no card has such a row.
 */
export async function beginMemberships(deps: ActivityDeps, patronIds: readonly string[]): Promise<void> {
  if (patronIds.length === 0) return;
  const sql = 'select id, library from membership where ended_at is null and id = any(?::uuid[])';
  await begin(deps, await reader(deps.orm).execute<Begun[]>(sql, [`{${patronIds.join(',')}}`]));
}

/** The same for the card of an application that has been approved. */
export async function beginMembershipOf(deps: ActivityDeps, applicationId: string): Promise<void> {
  const sql = `select membership.id, membership.library from membership join application on application.patron_id = membership.id
    where application.id = ? and application.state = 'approved' and membership.ended_at is null`;
  await begin(deps, await reader(deps.orm).execute<Begun[]>(sql, [applicationId]));
}

async function begin(deps: ActivityDeps, cards: readonly Begun[]): Promise<void> {
  for (const { id, library } of cards)
    await deps.engine.restart({ process: 'membership', id, library, patronId: id, state: 'paid' });
}
