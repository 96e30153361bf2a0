import type { NoticeKind } from './kinds.ts';
import type { NoticeDelivery } from './policy-access.ts';
import type { LibraryPolicy } from './policy.ts';

/** How a reader wants to hear of a kind of notice: by mail, or only in the account. */
export type NoticeWay = 'mail' | 'message';

/** What a reader has chosen; a kind that is missing goes as the library's policy says (A12). */
export type NoticePreferences = Readonly<Partial<Record<NoticeKind, NoticeWay>>>;

type Rules = Pick<LibraryPolicy, 'notices' | 'noticeChoices'>;

/** The kinds a reader may choose about: those the policy leaves to them and writes at all. */
export function noticeChoices({ notices, noticeChoices: left }: Rules): NoticeKind[] {
  return left.filter((kind) => notices[kind] !== 'off');
}

/**
 * How a kind of notice goes to a reader: as they chose where the policy leaves it to them, and otherwise as the policy says. A choice the library has taken
 * back since, or never gave, does not count, so that nothing the library must send is lost.
 */
export function deliveryFor(
  policy: Rules,
  kind: NoticeKind,
  preferences: NoticePreferences | undefined,
): NoticeDelivery {
  const chosen = preferences?.[kind];
  return chosen !== undefined && noticeChoices(policy).includes(kind) ? chosen : policy.notices[kind];
}
