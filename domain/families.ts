import { Temporal } from 'temporal-polyfill';
import type { FamilyPolicy } from './policy-family.ts';
import type { Reason } from './refusal.ts';

/** What the rules need to know of a card. Dates are `YYYY-MM-DD` and include that day. */
export interface FamilyCard {
  readonly id: string;
  readonly library: string;
  /** The main card it is linked to; null: a main or single card. */
  readonly mainId: string | null;
  readonly closed: boolean;
  /** How many sub cards are linked to it. */
  readonly subs: number;
}

/** Everything that stands between a card and becoming a main card, or keeping another sub card. */
function mainReasons(policy: FamilyPolicy, main: FamilyCard, joining: number): Reason[] {
  if (policy === 'none') return [{ code: 'family-not-offered' }];
  const reasons: Reason[] = [];
  if (main.closed) reasons.push({ code: 'main-card-closed' });
  if (main.mainId !== null) reasons.push({ code: 'main-card-is-sub' });
  const limit = policy.mostSubs ?? Number.POSITIVE_INFINITY;
  if (joining > 0 && main.subs + joining > limit)
    reasons.push({ code: 'family-full', limit, has: main.subs });
  return reasons;
}

/**
 * Every reason why one card cannot be linked to another as its sub card (F1, F11): one level deep, within one library, one main card at a time, no card its
 * own. A card of another library answers like one that does not exist. Blocks, fees and user groups stand in nobody’s way (F7, F10).
 */
export function linkReasons(policy: FamilyPolicy, main: FamilyCard | undefined, sub: FamilyCard): Reason[] {
  if (!main || main.library !== sub.library) return [{ code: 'main-card-unknown' }];
  const reasons: Reason[] = [];
  if (sub.closed) reasons.push({ code: 'patron-closed' });
  if (main.id === sub.id) reasons.push({ code: 'main-card-own' });
  else reasons.push(...mainReasons(policy, main, sub.mainId === main.id ? 0 : 1));
  if (sub.mainId !== null) reasons.push({ code: 'already-sub-card' });
  if (sub.subs > 0) reasons.push({ code: 'sub-card-has-subs', subs: sub.subs });
  return reasons;
}

/** Every reason why the sub cards of one card cannot all be handed to another (F11). */
export function handOverReasons(
  policy: FamilyPolicy,
  heir: FamilyCard | undefined,
  from: FamilyCard,
): Reason[] {
  if (!heir || heir.library !== from.library) return [{ code: 'main-card-unknown' }];
  if (heir.id === from.id) return [{ code: 'main-card-own' }];
  // One of the sub cards may become the main card of the others: it is no sub card any more when they join it.
  const free = heir.mainId === from.id ? { ...heir, mainId: null } : heir;
  const joining = heir.mainId === from.id ? from.subs - 1 : from.subs;
  const reasons = mainReasons(policy, free, joining);
  return from.subs === 0 ? [...reasons, { code: 'no-sub-cards' }] : reasons;
}

/**
 * Until when a card that joins a family is paid (F5): until when the main card is; what its reader has paid further ahead is not lost. Dates are `YYYY-MM-DD`;
 * null: nothing has been paid yet.
 */
export function paidUntilInFamily(main: string | null, own: string | null): string | null {
  if (main === null || own === null) return main ?? own;
  return Temporal.PlainDate.compare(own, main) > 0 ? own : main;
}

/** What decides whether somebody may let the main card’s holder see and manage a sub card’s holds and loans. */
export interface ConsentFacts {
  readonly policy: FamilyPolicy;
  readonly mainId: string | null;
  /** The sub card’s holder agrees, or staff for a child. */
  readonly basis: 'holder' | 'staff';
  /** `YYYY-MM-DD`, as far as the library knows it. */
  readonly birthDate: string | null;
  /** There is a consent already. */
  readonly given: boolean;
  readonly today: Temporal.PlainDate;
}

/** The first day on which staff can no longer agree for the reader, and on which what they agreed to ends; the library’s days. */
export function childUntil(policy: FamilyPolicy, birthDate: string | null): Temporal.PlainDate | null {
  const age = policy === 'none' ? undefined : policy.staffConsentBelowAge;
  if (age === undefined || birthDate === null) return null;
  return Temporal.PlainDate.from(birthDate).add({ years: age });
}

/** Every reason why that consent cannot be given now. */
export function consentReasons(facts: ConsentFacts): Reason[] {
  const { policy, mainId, basis, birthDate, given, today } = facts;
  const reasons: Reason[] = [];
  if (mainId === null) reasons.push({ code: 'not-a-sub-card' });
  if (given) reasons.push({ code: 'consent-exists' });
  if (basis === 'holder') return reasons;
  const until = childUntil(policy, birthDate);
  if (policy === 'none' || policy.staffConsentBelowAge === undefined)
    reasons.push({ code: 'consent-by-holder-only' });
  else if (until === null) reasons.push({ code: 'birth-date-unknown' });
  else if (Temporal.PlainDate.compare(today, until) >= 0)
    reasons.push({ code: 'consent-by-holder-only', age: policy.staffConsentBelowAge });
  return reasons;
}

/** Whether a consent holds on that day; `endsOn` is its first day no longer, `YYYY-MM-DD`. */
export function consentHolds(endsOn: string | null, today: Temporal.PlainDate): boolean {
  return endsOn === null || Temporal.PlainDate.compare(today, Temporal.PlainDate.from(endsOn)) < 0;
}
