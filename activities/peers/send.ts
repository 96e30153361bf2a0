import { IllPeer } from '../../db/entities/index.ts';
import { reader } from '../../db/transaction.ts';
import type { Standing } from '../../domain/standing.ts';
import { answerOf } from '../../peers/answer.ts';
import type { ActivityDeps } from '../deps.ts';
import { deliver } from './hand-over.ts';
import type { Lines } from './lines.ts';
import { type QueuedMessage, recordFailure, recordSettled, type Settled } from './record.ts';

export interface SendQueued {
  readonly peerId: string;
  readonly now: number;
}

/** What sending is made of, besides what all activities have. */
export interface Sending {
  readonly lines: Lines;
  /** The time now; epoch milliseconds. */
  readonly clock: () => number;
  /** Tells the engine that this goes on. */
  readonly beat: () => void;
  /** The worker stops, or the engine has given the work to another. */
  readonly stopped: () => boolean;
}

/** So many messages are read, and recorded, at once. */
const pageSize = 20;
/** Who has sent waits so long for more before it ends, and looks so often for what other workers have queued; milliseconds. */
const lingerMs = 500;
const glanceMs = 100;
/** After so long the engine is told where it stands, however much is left. */
const longestMs = 5 * 60_000;

/**
 * Sends what is queued for another agency (I18), in the order in which it was written: each message only when the one before it was confirmed. Between the confirmation and its record lies the gap
 * in which a killed worker makes messages go out again; their receiver knows them by id, time and content. What does not get through makes the line wait, longer each time.
 */
export async function sendQueued(
  deps: ActivityDeps,
  { peerId }: SendQueued,
  sending: Sending,
): Promise<Standing> {
  const { clock } = sending;
  const until = clock() + longestMs;
  const listening = sending.lines.open(peerId);
  let idleSince = clock();
  let heard = true;
  try {
    for (;;) {
      const { sent, standing } = await sendPage(deps, peerId, sending);
      if (standing) return standing;
      const now = clock();
      if (sent === 0 && !heard) return { state: 'working', deliver: [], ended: true, asOf: now };
      if (now > until || sending.stopped())
        return { state: 'working', deliver: [], wakeAt: now, ended: false, asOf: now };
      if (sent > 0) idleSince = now;
      if (sent > 0 || !heard) continue;
      if (now - idleSince < lingerMs) await listening.wait(glanceMs);
      else {
        // From here on the engine is told of what is queued; one more look finds what was queued before.
        listening.close();
        heard = false;
      }
    }
  } finally {
    if (heard) listening.close();
  }
}

interface Page {
  readonly sent: number;
  /** Where the line stands that cannot go on. */
  readonly standing?: Standing;
}

async function sendPage(deps: ActivityDeps, peerId: string, sending: Sending): Promise<Page> {
  const queue = await queued(deps, peerId);
  if (queue.length === 0) return { sent: 0 };
  const settled: Settled[] = [];
  for (const message of queue) {
    const line = await reader(deps.orm).findOneOrFail(IllPeer, { id: peerId });
    const held = heldBack(line, sending.clock());
    if (held) return { sent: await settle(deps, line, settled, sending), standing: held };
    const handed = await handOver(deps, line, message, sending);
    if ('failed' in handed) {
      const sent = await settle(deps, line, settled, sending);
      return { sent, standing: await fail(deps, line, message, handed.failed, sending) };
    }
    settled.push(handed);
    // Its process goes on without it.
    if (handed.error !== null) break;
  }
  const [first] = settled;
  const sent = first ? await settle(deps, { id: peerId }, settled, sending) : 0;
  return { sent };
}

async function queued({ orm }: ActivityDeps, peerId: string): Promise<QueuedMessage[]> {
  return reader(orm).execute<QueuedMessage[]>(
    `select message.id, message.name, message.about, message.about_id as "aboutId", message.request_ref as "requestRef", message.xml
     from ill_message message join ill_peer line on line.library = message.library and line.code = message.peer
     where line.id = ? and message.state = 'queued' order by message.seq limit ${pageSize}`,
    [peerId],
  );
}

/** Staff hold it back, or it waits after a failure. */
function heldBack({ pausedAt, nextTryAt }: IllPeer, now: number): Standing | undefined {
  if (pausedAt) return { state: 'paused', deliver: [], ended: false, asOf: now };
  return nextTryAt && nextTryAt.getTime() > now ? failing(nextTryAt.getTime(), now) : undefined;
}

const failing = (wakeAt: number, asOf: number): Standing => ({
  state: 'failing',
  wakeAt,
  deadline: wakeAt,
  deliver: [],
  ended: false,
  asOf,
});

async function handOver(
  deps: ActivityDeps,
  line: IllPeer,
  message: QueuedMessage,
  { clock, beat }: Sending,
): Promise<Settled | { readonly failed: string }> {
  beat();
  const posted = await deliver(deps, line, message.xml, clock()).catch((error: unknown) => ({
    failed: error instanceof Error ? error.message : String(error),
  }));
  if ('failed' in posted) return posted;
  const answer = answerOf(posted, message);
  if (answer.outcome === 'failed') return { failed: answer.error };
  const error = answer.outcome === 'refused' ? answer.error : null;
  return { ...message, confirmation: posted.body, error };
}

async function settle(
  deps: ActivityDeps,
  line: Pick<IllPeer, 'id'>,
  settled: readonly Settled[],
  { clock }: Sending,
): Promise<number> {
  if (settled.length === 0) return 0;
  const rouse = await recordSettled(deps.orm, line, settled, new Date(clock()));
  await deps.engine.rouse(rouse);
  return settled.length;
}

async function fail(
  deps: ActivityDeps,
  line: IllPeer,
  message: QueuedMessage,
  error: string,
  { clock }: Sending,
): Promise<Standing> {
  const at = new Date(clock());
  const policy = deps.policies.get(line.library);
  const { nextTryAt, rouse } = await recordFailure(deps.orm, line, { policy, message, error, at });
  await deps.engine.rouse(rouse);
  return failing(nextTryAt.getTime(), at.getTime());
}
