import { FamilyConsent } from '../../db/entities/index.ts';
import { lockWithMain } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { childUntil, consentHolds, consentReasons } from '../../domain/families.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
import { cardSubject } from './family-links.ts';
import { type Pair, tellBoth } from './family-notices.ts';
import type { ToDeliver } from '../notices/notices.ts';
import { record } from '../record.ts';

interface ConsentStep extends Step {
  readonly subId: string;
  readonly actor: Actor;
  readonly remarkId?: string;
}

export interface GiveConsent extends ConsentStep {
  readonly consentId: string;
  /** The sub card's holder agrees, or staff for a child. */
  readonly basis: 'holder' | 'staff';
}

export type EndConsent = ConsentStep;

type Answer = Refused | (ToDeliver & { readonly consentId: string });

/** Letting the main card's holder see and manage a sub card's holds and loans, and taking it back: each at once, each on record, both readers told. */
export function createConsentActivities(deps: ActivityDeps) {
  return {
    giveConsent: (step: GiveConsent) => once(deps.orm, step, (tx) => giveConsent(deps, tx, step)),
    endConsent: (step: EndConsent) => once(deps.orm, step, (tx) => endConsent(deps, tx, step)),
  };
}

const remarkOf = ({ remarkId }: ConsentStep) => (remarkId ? { remarkId } : {});

/** The consent that stands. One whose last day is past – the child has grown up – is closed on the way. */
async function standing(tx: Tx, policy: LibraryPolicy, step: ConsentStep): Promise<FamilyConsent | null> {
  const consent = await tx.findOne(FamilyConsent, { subId: step.subId, endedAt: null });
  if (!consent || consentHolds(consent.endsOn ?? null, civilDay(policy, instant(step.now)))) return consent;
  consent.endedAt = new Date(step.now);
  consent.endedBy = 'system';
  consent.endReason = 'lapsed';
  await tx.flush();
  return null;
}

async function giveConsent(deps: ActivityDeps, tx: Tx, step: GiveConsent): Promise<Answer> {
  const cards = await lockWithMain(tx, step.subId);
  if (!cards) return refuse({ code: 'patron-unknown' });
  const { sub, main } = cards;
  const policy = deps.policies.get(sub.library);
  const birthDate = sub.birthDate ?? null;
  const reasons = consentReasons({
    policy: policy.families,
    mainId: main?.id ?? null,
    basis: step.basis,
    birthDate,
    given: (await standing(tx, policy, step)) !== null,
    today: civilDay(policy, instant(step.now)),
  });
  if (reasons.length > 0 || !main) return refuse(...reasons);
  const endsOn = step.basis === 'staff' ? childUntil(policy.families, birthDate) : null;
  return store(tx, policy, { main, sub }, { ...step, endsOn: endsOn?.toString() ?? null });
}

async function store(
  tx: Tx,
  policy: LibraryPolicy,
  pair: Pair,
  step: GiveConsent & { readonly endsOn: string | null },
): Promise<Answer> {
  const { main, sub } = pair;
  const { consentId, basis, actor, endsOn } = step;
  const at = new Date(step.now);
  tx.create(FamilyConsent, {
    id: consentId,
    library: sub.library,
    mainId: main.id,
    subId: sub.id,
    basis,
    grantedBy: actor,
    grantedAt: at,
    endsOn,
    remarkId: step.remarkId ?? null,
  });
  record(tx, cardSubject(sub), {
    kind: 'family-consent-given',
    actor,
    at,
    detail: { consentId, mainId: main.id, basis, endsOn, ...remarkOf(step) },
  });
  const told = { kind: 'family-consent', cause: `consent:${consentId}`, at } as const;
  return { deliver: await tellBoth(tx, policy, pair, told), consentId };
}

/** Ends it at once: the sub card's holder revokes it, staff do, or the main card's holder gives it up. */
async function endConsent(deps: ActivityDeps, tx: Tx, step: EndConsent): Promise<Answer> {
  const cards = await lockWithMain(tx, step.subId);
  if (!cards?.main) return refuse({ code: 'consent-unknown' });
  const { sub, main } = cards;
  const policy = deps.policies.get(sub.library);
  const consent = await standing(tx, policy, step);
  if (!consent) return refuse({ code: 'consent-unknown' });
  const at = new Date(step.now);
  consent.endedAt = at;
  consent.endedBy = step.actor;
  consent.endReason = 'revoked';
  record(tx, cardSubject(sub), {
    kind: 'family-consent-ended',
    actor: step.actor,
    at,
    detail: { consentId: consent.id, mainId: main.id, ...remarkOf(step) },
  });
  const told = { kind: 'family-consent-ended', cause: `consent-ended:${consent.id}`, at } as const;
  return { deliver: await tellBoth(tx, policy, { main, sub }, told), consentId: consent.id };
}
