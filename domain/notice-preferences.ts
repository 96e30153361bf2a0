import type { NoticeKind } from './kinds.ts';

/** How a reader wants to hear of a kind of notice: by mail, or only in the account. */
export type NoticeWay = 'mail' | 'message';

/** What a reader has chosen; a kind that is missing goes as the library's policy says (A12). */
export type NoticePreferences = Readonly<Partial<Record<NoticeKind, NoticeWay>>>;
