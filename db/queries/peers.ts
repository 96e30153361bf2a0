import type { MikroORM } from '@mikro-orm/postgresql';
import type { IllMessage } from '../entities/index.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** The line to another agency as staff see it (I18). Instants are epoch milliseconds. */
export interface LineRow {
  readonly id: string;
  readonly code: string;
  readonly failingSince: number | null;
  readonly failures: number;
  readonly lastError: string | null;
  readonly nextTryAt: number | null;
  readonly sentAt: number | null;
  readonly heardAt: number | null;
  readonly pausedAt: number | null;
  readonly queued: number;
  readonly queuedSince: number | null;
}

const lines: Statement = {
  name: 'ill-lines',
  text: `select line.id, line.code, ${epochMs('line.failing_since')} as "failingSince", line.failures, line.last_error as "lastError",
      ${epochMs('line.next_try_at')} as "nextTryAt", ${epochMs('line.sent_at')} as "sentAt", ${epochMs('line.heard_at')} as "heardAt",
      ${epochMs('line.paused_at')} as "pausedAt", count(message.id)::int as queued, ${epochMs('min(message.stored_at)')} as "queuedSince"
    from ill_peer line left join ill_message message
      on message.library = line.library and message.peer = line.code and message.state = 'queued'
    where line.library = $1 group by line.id order by line.code`,
};

/** The lines of a library over which anything was ever said, by the peers' codes. */
export async function linesOf(orm: MikroORM, library: string): Promise<Map<string, LineRow>> {
  const rows = await rowsOf<LineRow>(orm, lines, [library]);
  return new Map(rows.map((row) => [row.code, row]));
}

/** A message as lists show it. Instants are epoch milliseconds. */
export interface MessageRow {
  readonly id: string;
  readonly peer: string;
  readonly direction: IllMessage['direction'];
  readonly name: IllMessage['name'];
  readonly says: string;
  readonly requestRef: string;
  readonly state: IllMessage['state'];
  readonly error: string | null;
  readonly attempts: number;
  readonly saidAt: number;
  readonly storedAt: number;
  readonly settledAt: number | null;
  /** Our request that it is about, or the outside request. */
  readonly requestId: string | null;
  readonly supplyId: string | null;
}

const select = `
  select message.id, message.peer, message.direction, message.name, message.says, message.request_ref as "requestRef", message.state, message.error,
    message.attempts, ${epochMs('message.said_at')} as "saidAt", ${epochMs('message.stored_at')} as "storedAt",
    ${epochMs('message.settled_at')} as "settledAt", attempt.request_id as "requestId",
    case when message.about = 'supply' then message.about_id end as "supplyId"`;

const from = `from ill_message message left join ill_attempt attempt on attempt.id = message.about_id and message.about = 'attempt'`;

export interface MessageSearch {
  readonly library: string;
  readonly peer?: string | undefined;
  readonly direction?: string | undefined;
  readonly state?: string | undefined;
  readonly requestId?: string | undefined;
  readonly supplyId?: string | undefined;
  /** Only those that are about nothing known. */
  readonly stray?: boolean | undefined;
  readonly limit: number;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
}

const list: Statement = {
  name: 'ill-messages',
  text: `${select} ${from}
    where message.library = $1 and ($2::text is null or message.peer = $2) and ($3::text is null or message.direction = $3)
      and ($4::text is null or message.state = $4) and ($5::uuid is null or attempt.request_id = $5)
      and ($6::uuid is null or message.about_id = $6) and ($7::boolean is null or (message.about is null) = $7)
      and ($8::timestamptz is null or (message.stored_at, message.id) < ($8, $9::uuid))
    order by message.stored_at desc, message.id desc limit $10`,
};

/** Messages, the latest first; one more than asked for tells that there is a next page. */
export function messagesOf(orm: MikroORM, search: MessageSearch): Promise<MessageRow[]> {
  const { library, peer, direction, state, requestId, supplyId, stray, limit, before } = search;
  const where = [library, peer, direction, state, requestId, supplyId, stray];
  return rowsOf(orm, list, [...where, before?.at, before?.id, limit + 1]);
}

/** With what was written, and what was answered; null where its reader has been forgotten. */
export interface WholeMessageRow extends MessageRow {
  readonly xml: string | null;
  readonly confirmation: string | null;
}

const one: Statement = {
  name: 'ill-message',
  text: `${select}, message.xml, message.confirmation ${from} where message.library = $1 and message.id = $2`,
};

export async function messageById(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<WholeMessageRow | undefined> {
  return (await rowsOf<WholeMessageRow>(orm, one, [library, id]))[0];
}
