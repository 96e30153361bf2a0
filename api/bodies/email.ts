import type { z } from 'zod';
import type { BounceRow, EmailRow } from '../../db/queries/email.ts';
import type { emailStanding, staffEmailStanding } from '../schemas/email.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { isoOrNull } from './hold.ts';
import { noticeText } from './story.ts';

const utc = (at: string) => new Date(at).toISOString();

export function emailBody(row: EmailRow, words: Words): z.input<typeof emailStanding> {
  const { address, state, reason, lastMail, pending } = row;
  return {
    address,
    state,
    since: isoOrNull(row.since),
    reason,
    reasonText: reason && words.text(`emailFailure.${reason}`),
    lastMail: lastMail && { ...lastMail, at: utc(lastMail.at) },
    pending: pending && { ...pending, askedAt: utc(pending.askedAt), expiresAt: utc(pending.expiresAt) },
  };
}

export function staffEmailBody(
  row: EmailRow,
  bounces: readonly BounceRow[],
  words: Words,
): z.input<typeof staffEmailStanding> {
  return {
    ...emailBody(row, words),
    bounces: bounces.map(({ receivedAt, ...bounce }) => ({
      ...bounce,
      at: iso(receivedAt),
      noticeKindText: noticeText(words, bounce.noticeKind),
      outcomeText: words.text(`bounce.${bounce.outcome}`),
    })),
  };
}
