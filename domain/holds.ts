import { Temporal } from 'temporal-polyfill';
import { civilDay, findPlace, openingOn } from './calendar.ts';
import { boundItem, isHoldable, sameIssue } from './holdable.ts';
import type { TitleFacts } from './holdable.ts';
import type { ContactMethod, KindCounts } from './kinds.ts';
import { limitReasons } from './limits.ts';
import { debtReasons } from './charges.ts';
import { standingReasons } from './patrons.ts';
import type { Channel, PatronFacts } from './patrons.ts';
import type { LibraryPolicy } from './policy.ts';
import type { Reason } from './refusal.ts';
import { countsDays } from './policy-values.ts';
import { windowEnd, windowEndOn } from './windows.ts';
import type { WindowRequest } from './windows.ts';

/** What decides whether a reader may place a hold. All of it is read under the locks of the placing transaction. */
export interface PlacementFacts {
  readonly policy: LibraryPolicy;
  readonly patron: PatronFacts;
  readonly title: TitleFacts;
  /** The item asked for (an issue of a magazine), or null for any copy. */
  readonly requestedItem: string | null;
  /** The reader's open holds of all titles, whichever channel they came by (H2). */
  readonly openHolds: KindCounts;
  /** The reader's open holds of this title, by the item they are bound to. */
  readonly holdsOfTitle: readonly (string | null)[];
  /** The items of this title the reader has on loan. */
  readonly loansOfTitle: readonly string[];
  readonly place: string;
  readonly contact: ContactMethod;
  readonly channel: Channel;
  readonly today: Temporal.PlainDate;
}

function ownReasons(facts: PlacementFacts): Reason[] {
  const bound = boundItem(facts.title, facts.requestedItem);
  const reasons: Reason[] = [];
  const isSame = (item: string) => bound === null || sameIssue(facts.title, item, bound);
  const sameHold = facts.holdsOfTitle.some((item) => item === null || isSame(item));
  const sameLoan = facts.loansOfTitle.some(isSame);
  if (sameHold) reasons.push({ code: 'hold-exists' });
  if (sameLoan) reasons.push({ code: 'item-on-loan-to-you' });
  return reasons;
}

/** Why a reader cannot be contacted in this way: the library does not offer it, or has no address or number that works (H4). */
export function contactReasons(
  policy: Pick<LibraryPolicy, 'holds'>,
  patron: Pick<PatronFacts, 'mailUsable' | 'phoneUsable'>,
  contact: ContactMethod,
): Reason[] {
  if (!policy.holds.contacts.includes(contact)) return [{ code: 'contact-unknown', contact }];
  if (contact === 'mail' && !patron.mailUsable) return [{ code: 'contact-mail-unavailable' }];
  if (contact === 'phone' && !patron.phoneUsable) return [{ code: 'contact-phone-unavailable' }];
  return [];
}

/** The contact methods to offer a reader: mail only with an address that works, phone only with a number (H4). */
export function contactsOffered(
  policy: Pick<LibraryPolicy, 'holds'>,
  patron: Pick<PatronFacts, 'mailUsable' | 'phoneUsable'>,
): ContactMethod[] {
  return policy.holds.contacts.filter((contact) => contactReasons(policy, patron, contact).length === 0);
}

/** Why a place is none of the library's pickup places (H4). */
export function placeReasons(policy: Pick<LibraryPolicy, 'branches' | 'stops'>, place: string): Reason[] {
  return findPlace(policy, place) ? [] : [{ code: 'place-unknown', place }];
}

/** Every reason why this hold cannot be placed; empty when it can (H1, H2, H4, F4, H11). */
export function placementReasons(facts: PlacementFacts): Reason[] {
  const { policy, patron, title } = facts;
  return [
    ...standingReasons(patron, facts.today, facts.channel),
    ...debtReasons(policy, 'hold', patron.owedMinor),
    ...isHoldable(title, policy, facts.requestedItem),
    ...ownReasons(facts),
    ...limitReasons(policy.holds.limits, facts.openHolds, title.kind, {
      total: 'hold-limit',
      kind: 'hold-limit-kind',
    }),
    ...placeReasons(policy, facts.place),
    ...contactReasons(policy, patron, facts.contact),
  ];
}

/** Until when a copy is kept for a reader who was contacted at `from` (H6, H10): see `windowEnd`. */
export function pickupWindow(
  request: Omit<WindowRequest, 'policy' | 'window' | 'onClosedDay'> & { readonly policy: LibraryPolicy },
): Temporal.Instant {
  const { window, lapseOnClosedDay } = request.policy.holds;
  return windowEnd({ ...request, window, onClosedDay: lapseOnClosedDay });
}

/**
 * Until when a copy is kept whose pickup window ends at `keepUntil`, by the calendar of now (H10): the place may have been closed on that day since the
 * window was set. Never earlier.
 */
export function keptUntil(
  request: Pick<WindowRequest, 'closures' | 'place'> & { readonly policy: LibraryPolicy },
  keepUntil: Temporal.Instant,
): Temporal.Instant {
  const { policy } = request;
  const { window, lapseOnClosedDay } = policy.holds;
  const lastDay = civilDay(policy, keepUntil);
  const isOpen = openingOn(policy, request.closures, request.place, lastDay) !== undefined;
  if (isOpen || !countsDays(Temporal.Duration.from(window))) return keepUntil;
  const end = windowEndOn({ ...request, onClosedDay: lapseOnClosedDay }, lastDay);
  return Temporal.Instant.compare(end, keepUntil) > 0 ? end : keepUntil;
}

/**
 * By when the desk should have phoned a reader whose copy was secured at `from` (H10): the same rule, at the hours of the branch that serves
 * the pickup place, since its desk phones.
 */
export function phoneTaskDueAt(
  request: Omit<WindowRequest, 'policy' | 'window' | 'onClosedDay'> & { readonly policy: LibraryPolicy },
): Temporal.Instant {
  const { policy } = request;
  const place = findPlace(policy, request.place)?.servedFrom ?? request.place;
  return windowEnd({ ...request, place, window: policy.holds.phoneTaskDue, onClosedDay: 'next-open-day' });
}
