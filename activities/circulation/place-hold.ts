import { Hold } from '../../db/entities/index.ts';
import { lockPatron, lockTitle } from '../../db/locks.ts';
import { titleFacts } from '../../db/queries/title-facts.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { boundItem } from '../../domain/holdable.ts';
import { placementReasons } from '../../domain/holds.ts';
import type { ContactMethod } from '../../domain/kinds.ts';
import type { Channel } from '../../domain/patrons.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, patronSituation } from '../facts.ts';
import { actingReasons } from '../families/family-acting.ts';
import { chargeHold } from './hold-fees.ts';
import { holdStanding } from './hold-standing.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { holdSubject, record } from '../record.ts';

export interface PlaceHold {
  readonly holdId: string;
  readonly library: string;
  readonly patronId: string;
  readonly titleId: string;
  /** The issue of a magazine that is wanted; without it the latest. */
  readonly itemId?: string;
  readonly pickupPlace: string;
  readonly contact: ContactMethod;
  readonly channel: Channel;
  readonly actor: Actor;
  readonly now: number;
}

/**
 * Places a hold (H1, H2, H4): one transaction that locks the reader, then the title. The hold's id is the key: a hold that exists already is answered as it stands.
 */
export function placeHold(deps: ActivityDeps, wish: PlaceHold): Promise<Refused | { standing: Standing }> {
  return inTransaction(deps.orm, async (tx) => {
    const patron = await lockPatron(tx, wish.patronId);
    const placed = await tx.findOne(Hold, { id: wish.holdId });
    if (placed) return { standing: await holdStanding(deps, tx, placed, wish.now) };
    const title = await lockTitle(tx, wish.titleId);
    if (!patron || patron.library !== wish.library) return refuse({ code: 'patron-unknown' });
    if (!title || title.library !== wish.library || title.kind === 'ill')
      return refuse({ code: 'title-unknown' });

    const policy = deps.policies.get(wish.library);
    const notAllowed = await actingReasons(tx, policy, wish);
    if (notAllowed.length > 0) return refuse(...notAllowed);
    const facts = await titleFacts(tx, title.id);
    const reasons = placementReasons({
      ...(await patronSituation(tx, policy, patron, title.id)),
      policy,
      title: facts,
      requestedItem: wish.itemId ?? null,
      place: wish.pickupPlace,
      contact: wish.contact,
      channel: wish.channel,
      today: civilDay(policy, instant(wish.now)),
    });
    if (reasons.length > 0) return refuse(...reasons);

    const hold = createHold(tx, wish, title.kind, boundItem(facts, wish.itemId ?? null));
    const at = new Date(wish.now);
    await tx.flush();
    await queueNotice(tx, policy, patron, holdSubject(hold), { kind: 'placed', cause: 'placed', at });
    record(tx, holdSubject(hold), {
      kind: 'hold-placed',
      actor: wish.actor,
      at,
      detail: { channel: wish.channel },
    });
    await chargeHold(tx, policy, hold, 'placed', { at, actor: wish.actor });
    return { standing: await holdStanding(deps, tx, hold, wish.now) };
  });
}

function createHold(tx: Tx, wish: PlaceHold, kind: Hold['kind'], requestedItemId: string | null): Hold {
  return tx.create(Hold, {
    id: wish.holdId,
    library: wish.library,
    patronId: wish.patronId,
    titleId: wish.titleId,
    requestedItemId,
    kind,
    state: 'waiting',
    pickupPlace: wish.pickupPlace,
    contact: wish.contact,
    channel: wish.channel,
    placedBy: wish.actor,
    placedAt: new Date(wish.now),
  });
}
