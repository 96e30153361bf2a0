import { type Notice, Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { NoticeKind } from '../../domain/kinds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { queueNotice } from '../notices/queue-notice.ts';

const familyKinds = [
  'family-linked',
  'family-unlinked',
  'family-consent',
  'family-consent-ended',
] as const satisfies readonly NoticeKind[];

export type FamilyKind = (typeof familyKinds)[number];

export function isFamilyKind(kind: string): kind is FamilyKind {
  return familyKinds.some((each) => each === kind);
}

/** What a notice about a family tells: the two cards, by their numbers of now; a reader who was erased has none. */
export async function familyContent(tx: Tx, kind: FamilyKind, { content }: Notice): Promise<NoticeContent> {
  const main = await tx.findOneOrFail(Patron, { id: String(content.mainId) });
  const sub = await tx.findOneOrFail(Patron, { id: String(content.subId) });
  return { kind, data: { mainCard: numberOf(main), subCard: numberOf(sub) } };
}

const numberOf = ({ card, erasedAt }: Patron): string | null => (erasedAt ? null : card);

/** The two readers whom a change in a family concerns. */
export interface Pair {
  readonly main: Patron;
  readonly sub: Patron;
}

/** Tells both readers of a change, once for its cause; answers the notices to deliver. */
export async function tellBoth(
  tx: Tx,
  policy: LibraryPolicy,
  { main, sub }: Pair,
  { kind, cause, at }: { readonly kind: FamilyKind; readonly cause: string; readonly at: Date },
): Promise<string[]> {
  const content = { mainId: main.id, subId: sub.id };
  const told: string[] = [];
  for (const patron of [main, sub]) {
    const subject = { type: 'patron', id: patron.id, library: patron.library, patronId: patron.id } as const;
    const request = { kind, cause: `${cause}:${sub.id}`, at, content };
    const id = await queueNotice(tx, policy, patron, subject, request);
    if (id) told.push(id);
  }
  return told;
}
