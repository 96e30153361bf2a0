import type { z } from 'zod';
import type { HoldRow } from '../../db/queries/holds.ts';
import { mayCancel, mayChange } from '../../domain/hold-states.ts';
import type { Reason } from '../../domain/refusal.ts';
import { cancelReasons } from '../../notices/codes.ts';
import type { hold, itemInList, titleInList } from '../schemas/holds.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';

export const isoOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : iso(epochMs));

export function titleOf(
  row: Pick<HoldRow, 'titleId' | 'kind' | 'title' | 'author'>,
): z.input<typeof titleInList> {
  return { id: row.titleId, kind: row.kind, title: row.title, author: row.author };
}

export function itemOf(
  row: Pick<HoldRow, 'itemId' | 'barcode' | 'shelfMark' | 'issue' | 'issuedOn'>,
): z.input<typeof itemInList> | null {
  const { itemId, barcode, shelfMark, issue, issuedOn } = row;
  return itemId === null || barcode === null ? null : { id: itemId, barcode, shelfMark, issue, issuedOn };
}

/** How an ended hold ended; what the library did not say otherwise is told by the state. */
export function endText(row: HoldRow, words: Words): string | null {
  if (row.endedAt === null) return null;
  const reason = row.state === 'cancelled' && cancelReasons.find((each) => each === row.endReason);
  return words.text(reason ? `cancelReason.${reason}` : `state.hold.${row.state}`);
}

export function possibility(words: Words, reasons: readonly Reason[]) {
  return { allowed: reasons.length === 0, reasons: words.reasons(reasons) };
}

/** What readers and staff both see of a hold. */
export function holdInWords(row: HoldRow, words: Words) {
  return {
    id: row.id,
    state: row.state,
    stateText: words.text(`state.hold.${row.state}`),
    title: titleOf(row),
    item: itemOf(row),
    placedAt: iso(row.placedAt),
    position: row.position,
    pickupPlace: words.place(row.pickupPlace),
    contact: row.contact,
    contactText: words.text(`contact.${row.contact}`),
    securedAt: isoOrNull(row.securedAt),
    contactedAt: isoOrNull(row.contactedAt),
    keepUntil: isoOrNull(row.keepUntil),
    endedAt: isoOrNull(row.endedAt),
    endText: endText(row, words),
  };
}

/** A hold as its reader sees it, with what they may do to it and why not (H5, H7, H8). */
export function holdBody(row: HoldRow, words: Words): z.input<typeof hold> {
  return {
    ...holdInWords(row, words),
    may: {
      changePlace: possibility(words, mayChange(row, 'patron', { place: true })),
      changeContact: possibility(words, mayChange(row, 'patron', { place: false })),
      cancel: possibility(words, mayCancel(row, 'patron')),
    },
  };
}
