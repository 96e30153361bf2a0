import type { EntityManager } from '@mikro-orm/postgresql';
import { Notice } from '../entities/index.ts';

export interface InboxPage {
  readonly patronId: string;
  readonly limit: number;
  /** Only notices before this one. */
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
}

const shownStates = ['queued', 'sent', 'shown', 'failed'] as const;

/** What the library has told a reader, newest first (N1); one more than asked for tells that there is a next page. */
export function inboxOf(em: EntityManager, { patronId, limit, before }: InboxPage): Promise<Notice[]> {
  return em.find(
    Notice,
    {
      patronId,
      state: { $in: [...shownStates] },
      ...(before && {
        $or: [{ createdAt: { $lt: before.at } }, { createdAt: before.at, id: { $lt: before.id } }],
      }),
    },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 },
  );
}

/** One of a reader's notices; null where it is not theirs. */
export function noticeOf(em: EntityManager, patronId: string, id: string): Promise<Notice | null> {
  return em.findOne(Notice, { id, patronId, state: { $in: [...shownStates] } });
}
