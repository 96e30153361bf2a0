import type { MikroORM } from '@mikro-orm/postgresql';
import type { BounceOutcome, EmailFailure } from '../../domain/email.ts';
import type { EmailState } from '../entities/index.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** How a reader's e-mail address stands (A11). Instants are epoch milliseconds. */
export interface EmailRow {
  readonly address: string | null;
  readonly state: EmailState;
  readonly since: number | null;
  readonly reason: EmailFailure | null;
  /** The last mail the mail server has taken over for the reader, and the address it went to. */
  readonly lastMail: { readonly noticeId: string; readonly to: string; readonly at: string } | null;
  /** An address that was given and is not confirmed yet, and what became of the confirmation mail. */
  readonly pending: PendingRow | null;
}

export interface PendingRow {
  readonly id: string;
  readonly address: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly mail: 'queued' | 'sent' | 'failed' | 'returned';
}

const standing: Statement = {
  name: 'patron-email',
  text: `
  select p.email as address, p.email_state as state, ${epochMs('p.email_since')} as since, p.email_reason as reason,
    (select jsonb_build_object('noticeId', id, 'to', recipient, 'at', settled_at) from notice
     where patron_id = p.id and state = 'sent' order by settled_at desc limit 1) as "lastMail",
    (select jsonb_build_object('id', asked.id, 'address', asked.address, 'askedAt', asked.created_at, 'expiresAt', asked.expires_at,
        'mail', case when exists (select from bounce where notice_id = notice.id and outcome <> 'delayed') then 'returned'
          when notice.state in ('queued', 'sent') then notice.state else 'failed' end)
     from email_confirmation asked join notice on notice.kind = 'confirm-email' and notice.subject_id = asked.subject_id
       and notice.cause = 'confirm-email:' || asked.id
     where asked.subject_id = p.id and asked.used_at is null and asked.dropped_at is null and asked.expires_at > $2
     order by asked.created_at desc limit 1) as pending
  from patron p where p.id = $1`,
};

/** @param now epoch milliseconds; an address whose link has expired by then is not pending any more */
export async function emailOf(orm: MikroORM, patronId: string, now: number): Promise<EmailRow | undefined> {
  return (await rowsOf<EmailRow>(orm, standing, [patronId, new Date(now)]))[0];
}

/** What came back of a notice's mail, as a column of a query over `notice`: that it was given up counts before that it was delayed. */
export const returnedColumn = `(select outcome from bounce where bounce.notice_id = notice.id
  order by outcome = 'delayed', received_at desc limit 1)`;

const returned: Statement = {
  name: 'notices-returned',
  text: `select id, ${returnedColumn} as outcome from notice where id = any($1::uuid[])`,
};

/** What came back of each of these notices' mails; only those of which something did. */
export async function returnedOf(
  orm: MikroORM,
  noticeIds: readonly string[],
): Promise<ReadonlyMap<string, BounceOutcome>> {
  const rows = await rowsOf<{ id: string; outcome: BounceOutcome | null }>(orm, returned, [noticeIds]);
  return new Map(rows.flatMap(({ id, outcome }) => (outcome ? [[id, outcome] as const] : [])));
}

/** A mail to the reader that came back, as staff see it. */
export interface BounceRow {
  readonly id: string;
  readonly noticeId: string;
  readonly noticeKind: string;
  readonly to: string | null;
  readonly outcome: BounceOutcome;
  readonly status: string | null;
  readonly diagnostic: string | null;
  readonly receivedAt: number;
}

const bounces: Statement = {
  name: 'patron-bounces',
  text: `
  select bounce.id, notice.id as "noticeId", notice.kind as "noticeKind", notice.recipient as "to", bounce.outcome, bounce.status,
    bounce.diagnostic, ${epochMs('bounce.received_at')} as "receivedAt"
  from bounce join notice on notice.id = bounce.notice_id
  where notice.patron_id = $1 order by bounce.received_at desc, bounce.id limit 20`,
};

/** The last twenty mails to a reader that came back, the latest first. */
export function bouncesOf(orm: MikroORM, patronId: string): Promise<BounceRow[]> {
  return rowsOf(orm, bounces, [patronId]);
}
