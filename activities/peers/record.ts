import type { MikroORM } from '@mikro-orm/postgresql';
import { Temporal } from 'temporal-polyfill';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Roused } from '../deps.ts';
import { openTask, resolveTask } from '../tasks.ts';

/** A message that waits to be sent. */
export interface QueuedMessage {
  readonly id: string;
  readonly name: string;
  readonly about: 'attempt' | 'supply';
  readonly aboutId: string;
  readonly requestRef: string;
  readonly xml: string;
}

/** A line, by its id, and by whose it is to whom. */
export interface LineId {
  readonly id: string;
  readonly library: string;
  readonly code: string;
}

/** One that the other side has answered. */
export interface Settled extends QueuedMessage {
  readonly confirmation: string;
  /** Null: it has it; else why it does not want it. */
  readonly error: string | null;
}

const settleSql = `
update ill_message set state = case when given.error is null then 'sent' else 'refused' end, confirmation = given.confirmation, error = given.error,
  attempts = attempts + 1, settled_at = case when given.error is null then ?::timestamptz end
from jsonb_to_recordset(?::jsonb) as given (id uuid, confirmation text, error text)
where ill_message.id = given.id and ill_message.state = 'queued'`;

/** Records what was sent, and that the line works. Answers whose process hears of a refusal. */
export async function recordSettled(
  tx: Tx,
  peerId: string,
  settled: readonly Settled[],
  at: Date,
): Promise<Roused[]> {
  const given = settled.map(({ id, confirmation, error }) => ({ id, confirmation, error }));
  await tx.execute(settleSql, [at, JSON.stringify(given)]);
  await recordWorking(tx, peerId, at);
  return rousedBy(
    tx,
    settled.filter(({ error }) => error !== null),
  );
}

/** A line that works is noted once a minute, and at once when it did not before. */
async function recordWorking(tx: Tx, peerId: string, at: Date): Promise<void> {
  const [recovered] = await tx.execute<{ failing: boolean }[]>(
    `with before as (select id, failing_since is not null as failing from ill_peer where id = ?)
     update ill_peer set sent_at = ?, failing_since = null, failures = 0, last_error = null, next_try_at = null
     from before where ill_peer.id = before.id
       and (before.failing or sent_at is null or sent_at < ?::timestamptz - interval '1 minute')
     returning before.failing`,
    [peerId, at, at],
  );
  if (recovered?.failing)
    await resolveTask(tx, 'peer-failing', peerId, { at, by: 'system', outcome: 'dropped' });
}

export interface Failure {
  readonly policy: LibraryPolicy;
  readonly message: QueuedMessage;
  readonly error: string;
  readonly at: Date;
}

const longestMs = 3_600_000;

/** How long a line waits after so many failures in a row: a second, then twice as long each time, an hour at most. */
export const waitMs = (failures: number): number =>
  Math.min(1_000 * 2 ** Math.min(failures - 1, 20), longestMs);

/**
 * Records that nothing gets through: the line waits, staff are told after a while, and what has waited for days is given up. Answers whose processes go on without their message, and when
 * to try again.
 */
export async function recordFailure(
  orm: MikroORM,
  line: LineId,
  { policy, message, error, at }: Failure,
): Promise<{ nextTryAt: Date; rouse: Roused[] }> {
  return inTransaction(orm, async (tx) => {
    await tx.execute('update ill_message set attempts = attempts + 1, error = ? where id = ?', [
      error,
      message.id,
    ]);
    const [row] = await tx.execute<{ failures: number; since: string }[]>(
      `update ill_peer set failing_since = coalesce(failing_since, ?), failures = failures + 1, last_error = ? where id = ?
       returning failures, (extract(epoch from failing_since) * 1000)::float8 as since`,
      [at, error, line.id],
    );
    const { failures = 1, since = at.getTime() } = row ?? {};
    const nextTryAt = new Date(at.getTime() + waitMs(failures));
    await tx.execute('update ill_peer set next_try_at = ? where id = ?', [nextTryAt, line.id]);
    const rouse = await giveUp(tx, policy, line, at);
    await alarm(tx, policy, line, Number(since), at);
    return { nextTryAt, rouse };
  });
}

const dayMs = 86_400_000;

async function giveUp(tx: Tx, policy: LibraryPolicy, line: LineId, at: Date): Promise<Roused[]> {
  const days = policy.ill === 'none' ? 14 : policy.ill.exchange.giveUpAfterDays;
  const rows = await tx.execute<{ aboutId: string }[]>(
    `update ill_message set state = 'given-up' where library = ? and peer = ? and state = 'queued' and stored_at < ?
     returning about_id as "aboutId"`,
    [line.library, line.code, new Date(at.getTime() - days * dayMs)],
  );
  return rousedBy(tx, rows);
}

async function alarm(
  tx: Tx,
  policy: LibraryPolicy,
  { id, library }: LineId,
  since: number,
  at: Date,
): Promise<void> {
  if (policy.ill === 'none') return;
  const after = Temporal.Duration.from(policy.ill.exchange.alarmAfter).total('milliseconds');
  if (at.getTime() - since < after) return;
  const subject = { type: 'peer', id, library, patronId: null } as const;
  await openTask(tx, subject, {
    kind: 'peer-failing',
    branch: null,
    workflowId: `peer:${id}`,
    at,
    dueAt: at,
  });
}

/** The processes of what messages are about. */
export async function rousedBy(
  tx: Tx,
  messages: readonly Pick<QueuedMessage, 'aboutId'>[],
): Promise<Roused[]> {
  if (messages.length === 0) return [];
  const ids = messages.map(({ aboutId }) => aboutId);
  return tx.execute<Roused[]>(
    `select 'ill' as process, request.id, request.library, request.patron_id as "patronId"
     from ill_attempt join ill_request request on request.id = ill_attempt.request_id where ill_attempt.id = any(?::uuid[])
     union
     select 'supply', id, library, null from supply_request where id = any(?::uuid[])`,
    [`{${ids.join(',')}}`, `{${ids.join(',')}}`],
  );
}
