import type { Patron } from '../../db/entities/index.ts';
import { type LockedFamily, lockFamily, lockPatrons, lockWithMain } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { handOverReasons, linkReasons } from '../../domain/families.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { beginMemberships } from '../membership/begin-membership.ts';
import type { ActivityDeps } from '../deps.ts';
import { familyCard, type FamilyChange, join, part } from './family-links.ts';
import type { ToDeliver } from '../notices/notices.ts';

interface FamilyStep extends Step {
  readonly actor: Actor;
  readonly remarkId?: string;
}

export interface LinkCard extends FamilyStep {
  readonly subId: string;
  readonly mainId: string;
}

export interface UnlinkCard extends FamilyStep {
  readonly subId: string;
}

export interface HandOverSubs extends FamilyStep {
  readonly mainId: string;
  /** The main card they are linked to from now on; null: each becomes a single card. */
  readonly heirId: string | null;
}

/** The cards whose families changed, and those of them that are sub cards no longer. */
export interface FamilyChanged extends ToDeliver {
  readonly cards: readonly string[];
  readonly freed: readonly string[];
}

type Answer = Refused | FamilyChanged;

/** What staff decide about families (F1, F5, F8, F11). Each is one transaction under the locks of all cards concerned, in the order of their ids. */
export function createFamilyActivities(deps: ActivityDeps) {
  return {
    linkCard: (step: LinkCard) => decide(deps, step, (tx) => linkCard(deps, tx, step)),
    unlinkCard: (step: UnlinkCard) => decide(deps, step, (tx) => unlinkCard(deps, tx, step)),
    handOverSubs: (step: HandOverSubs) => decide(deps, step, (tx) => handOverSubs(deps, tx, step)),
  };
}

/**
 * The fee's processes of the cards look again: a sub card has none, so its process ends; a card that is single again gets its own (F2, F8).
 */
async function decide(
  deps: ActivityDeps,
  step: FamilyStep,
  act: (tx: Tx) => Promise<Answer>,
): Promise<Answer> {
  const answer = await once(deps.orm, step, act);
  if (!('cards' in answer)) return answer;
  await deps.engine.wake(answer.cards.map((id) => `membership:${id}`));
  await beginMemberships(deps, answer.freed);
  return answer;
}

const changeOf = ({ operation, actor, now, remarkId }: FamilyStep): FamilyChange => ({
  operation,
  actor,
  at: new Date(now),
  remarkId,
});

async function linkCard(deps: ActivityDeps, tx: Tx, step: LinkCard): Promise<Answer> {
  const locked = await lockPatrons(tx, [step.mainId, step.subId]);
  const [main, sub] = [locked.get(step.mainId), locked.get(step.subId)];
  if (!sub) return refuse({ code: 'patron-unknown' });
  const policy = deps.policies.get(sub.library);
  const reasons = linkReasons(
    policy.families,
    main && (await familyCard(tx, main)),
    await familyCard(tx, sub),
  );
  if (reasons.length > 0 || !main) return refuse(...reasons);
  const deliver = await join(tx, policy, { main, sub }, changeOf(step));
  return { deliver, cards: [sub.id, main.id], freed: [] };
}

async function unlinkCard(deps: ActivityDeps, tx: Tx, step: UnlinkCard): Promise<Answer> {
  const pair = await lockWithMain(tx, step.subId);
  if (!pair) return refuse({ code: 'patron-unknown' });
  const { main, sub } = pair;
  if (!main) return refuse({ code: 'not-a-sub-card' });
  const deliver = await part(tx, deps.policies.get(sub.library), { main, sub }, changeOf(step));
  return { deliver, cards: [sub.id, main.id], freed: [sub.id] };
}

/** A main card's holder dies, moves away or gives the card up: all sub cards become single cards, or pass to another main card, at once or not at all. */
async function handOverSubs(deps: ActivityDeps, tx: Tx, step: HandOverSubs): Promise<Answer> {
  const { mainId, heirId } = step;
  const family = await lockFamily(tx, mainId, heirId ? [heirId] : []);
  if (!family) return refuse({ code: 'patron-unknown' });
  const { main, subs, others } = family;
  const policy = deps.policies.get(main.library);
  const heir = heirId === null ? null : (subs.find(({ id }) => id === heirId) ?? others.get(heirId));
  const reasons = await reasonsAgainst(tx, policy, family, heir);
  if (reasons.length > 0 || heir === undefined) return refuse(...reasons);

  const change = changeOf(step);
  const deliver: string[] = [];
  for (const sub of subs) deliver.push(...(await part(tx, policy, { main, sub }, change)));
  // The database checks each link by itself: the old ones have to be gone before the new ones are made.
  await tx.flush();
  const heirs =
    heir === null ? [] : subs.filter(({ id }) => id !== heir.id).map((sub) => ({ main: heir, sub }));
  for (const pair of heirs) deliver.push(...(await join(tx, policy, pair, change)));
  const cards = [main, ...subs, ...others.values()];
  const freed = subs.filter((sub) => (sub.mainId ?? null) === null);
  return { deliver, cards: idsOf(cards), freed: idsOf(freed) };
}

const idsOf = (patrons: readonly Patron[]): string[] => [...new Set(patrons.map(({ id }) => id))];

/** @param heir null: each becomes a single card; undefined: there is no such card */
async function reasonsAgainst(
  tx: Tx,
  policy: LibraryPolicy,
  { main, subs }: LockedFamily,
  heir: Patron | null | undefined,
): Promise<Reason[]> {
  if (heir === null) return subs.length === 0 ? [{ code: 'no-sub-cards' }] : [];
  return handOverReasons(policy.families, heir && (await familyCard(tx, heir)), await familyCard(tx, main));
}
