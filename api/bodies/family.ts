import type { z } from 'zod';
import type { ConsentRow, FamilyActRow, FamilyRow, SubCardRow } from '../../db/queries/families.ts';
import type { consent, family, familyAct, staffFamily } from '../schemas/family.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { readerOf } from './desk.ts';
import { eventText } from './event-text.ts';
import { isoOrNull } from './hold.ts';

function consentBody(row: ConsentRow | null): z.input<typeof consent> | null {
  return row && { basis: row.basis, givenAt: iso(row.grantedAt), endsOn: row.endsOn };
}

function mainOf({ main, linkedAt, consent: given }: FamilyRow) {
  return {
    mainCard: main && readerOf(main),
    linkedAt: isoOrNull(linkedAt),
    consent: consentBody(given),
  };
}

function subBody(row: SubCardRow) {
  const { paidUntil, linkedAt, consent: given } = row;
  return { ...readerOf(row), paidUntil, linkedAt: iso(linkedAt), consent: consentBody(given) };
}

/** A family as its own readers see it (F9). */
export function familyBody(row: FamilyRow): z.input<typeof family> {
  return { ...mainOf(row), subCards: row.subs.map(subBody) };
}

/** A family as the desk sees it, with the user groups by which cards are counted (F10). */
export function staffFamilyBody(row: FamilyRow): z.input<typeof staffFamily> {
  const subCards = row.subs.map((sub) => ({ ...subBody(sub), userGroup: sub.userGroup }));
  return { ...mainOf(row), subCards };
}

/** @param readerId who asks */
export function familyActBody(row: FamilyActRow, words: Words, readerId: string): z.input<typeof familyAct> {
  return {
    id: row.id,
    at: iso(row.at),
    kind: row.kind,
    text: eventText(words, row),
    title: row.title,
    card: readerOf(row),
    own: row.actor === `patron:${readerId}`,
  };
}
