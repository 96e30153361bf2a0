import { Notice } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { NoticeKind } from '../../domain/kinds.ts';
import { renderNotice } from '../../notices/render.ts';
import type { ActivityDeps } from '../deps.ts';
import { contentOf } from './notice-content.ts';
import { recipientOf } from './recipient.ts';

/**
 * What is left to deliver for a process, oldest first. Notices that only show in the account are written here and now: nothing of them leaves the house, so they
 * need no delivery and cost the process no event.
 *
 * @param kind where the subject has notices of other processes too
 */
export async function openNotices(
  deps: ActivityDeps,
  tx: Tx,
  subjectId: string,
  at: Date,
  kind?: NoticeKind,
): Promise<string[]> {
  const mine = { subjectId, state: 'queued', ...(kind && { kind }) } as const;
  const queued = await tx.find(Notice, mine, { orderBy: { createdAt: 'asc' } });
  for (const notice of queued) if (notice.channel === 'message') await show(deps, tx, notice, at);
  return queued.filter(({ channel }) => channel === 'mail').map(({ id }) => id);
}

async function show(deps: ActivityDeps, tx: Tx, notice: Notice, at: Date): Promise<void> {
  const policy = deps.policies.get(notice.library);
  const recipient = await recipientOf(tx, notice);
  const content = await contentOf(deps, tx, { notice, recipient, policy, at });
  const { language, channel } = notice;
  const written = renderNotice(deps.texts, {
    ...content,
    language,
    channel,
    library: policy,
    patronName: recipient.name,
  });
  await tx.nativeUpdate(
    Notice,
    { id: notice.id, state: 'queued' },
    {
      state: 'shown',
      settledAt: at,
      subject: written.subject,
      bodyText: written.text,
      bodyHtml: written.html,
    },
  );
}
