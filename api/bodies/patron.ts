import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { BlockRow, FoundPatron, NoticeRow, PatronFile } from '../../db/queries/patrons.ts';
import type { Profile } from '../../db/queries/profile.ts';
import { civilDay } from '../../domain/calendar.ts';
import { eligibleToBeServed } from '../../domain/patrons.ts';
import type { block, foundPatron, patronFile, staffNotice } from '../schemas/patrons.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf, readerOf } from './desk.ts';
import { blockReasonText } from './event-text.ts';
import { isoOrNull } from './hold.ts';
import { actorOf, noticeText } from './story.ts';

export function foundBody(row: FoundPatron): z.input<typeof foundPatron> {
  const { birthDate, blocked, closed } = row;
  return { ...readerOf(row), birthDate, blocked, closed };
}

export function blockBody(row: BlockRow, words: Words): z.input<typeof block> {
  return {
    id: row.id,
    reason: row.reason,
    reasonText: blockReasonText(words, row.reason),
    note: row.note,
    placedAt: iso(row.placedAt),
    placedBy: actorOf(words, row.placedBy, row.placedByName).name,
    liftedAt: isoOrNull(row.liftedAt),
    liftedBy: row.liftedAt === null ? null : (row.liftedByName ?? words.text('actor.staff')),
  };
}

export interface Filed {
  readonly profile: Profile;
  readonly file: PatronFile;
  readonly blocks: readonly BlockRow[];
}

/** @param now epoch milliseconds */
export function fileBody(
  { profile, file, blocks }: Filed,
  words: Words,
  now: number,
): z.input<typeof patronFile> {
  const today = civilDay(words.policy, Temporal.Instant.fromEpochMilliseconds(now));
  const { expiresOn } = profile;
  const facts = { blocked: profile.blocks.length > 0, closed: file.closedAt !== null, expiresOn };
  return {
    id: profile.id,
    card: profile.card,
    name: profile.name,
    birthDate: file.birthDate,
    email: profile.email,
    emailState: profile.emailState,
    phone: profile.phone,
    language: profile.language,
    userGroup: profile.userGroup,
    paidUntil: profile.paidUntil,
    expiresOn,
    createdAt: iso(file.createdAt),
    closedAt: isoOrNull(file.closedAt),
    standing: words.reasons(eligibleToBeServed(facts, today)),
    blocks: blocks.map((row) => blockBody(row, words)),
    counts: profile.counts,
    owed: moneyOf(words, file.owedMinor),
  };
}

export function staffNoticeBody(row: NoticeRow, words: Words): z.input<typeof staffNotice> {
  return {
    id: row.id,
    kind: row.kind,
    kindText: noticeText(words, row.kind),
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    channel: row.channel,
    state: row.state,
    stateText: words.text(`state.notice.${row.state}`),
    language: row.language,
    recipient: row.recipient,
    subject: row.subject,
    attempts: row.attempts,
    failures: row.failures,
    lastError: row.lastError,
    createdAt: iso(row.createdAt),
    settledAt: isoOrNull(row.settledAt),
    returned: row.returned,
    returnedText: row.returned && words.text(`bounce.${row.returned}`),
  };
}
