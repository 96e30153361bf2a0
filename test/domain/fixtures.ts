import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { loadPolicies } from '../../config/policies.ts';
import type { ItemFacts, TitleFacts } from '../../domain/holdable.ts';
import type { PlacementFacts } from '../../domain/holds.ts';
import type { PatronFacts } from '../../domain/patrons.ts';
import type { Reason } from '../../domain/refusal.ts';

export const policies = loadPolicies(fileURLToPath(new URL('../../policies', import.meta.url)));

export const chikushino = policies.get('chikushino');

export function instant(text: string): Temporal.Instant {
  return Temporal.Instant.from(text);
}

export function day(text: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(text);
}

/** An instant as the library's own wall shows it: `2026-11-24T18:00`. */
export function wall(at: Temporal.Instant, timeZone: string): string {
  return at.toZonedDateTimeISO(timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' });
}

export function codes(reasons: readonly Reason[]): string[] {
  return reasons.map(({ code }) => code);
}

export const goodPatron: PatronFacts = {
  blocked: false,
  closed: false,
  expiresOn: null,
  paidUntil: null,
  mailUsable: true,
  phoneUsable: true,
};

export function item(id: string, facts: Partial<ItemFacts> = {}): ItemFacts {
  return { id, state: 'on-loan', forLoan: true, isLatestIssue: false, ...facts };
}

export const lentBook: TitleFacts = { kind: 'book', items: [item('copy')] };

/** A placement with nothing against it. */
export function placement(facts: Partial<PlacementFacts> = {}): PlacementFacts {
  return {
    policy: chikushino,
    patron: goodPatron,
    title: lentBook,
    requestedItem: null,
    openHolds: {},
    holdsOfTitle: [],
    loansOfTitle: [],
    place: 'library',
    contact: 'mail',
    channel: 'web',
    today: day('2026-11-24'),
    ...facts,
  };
}
