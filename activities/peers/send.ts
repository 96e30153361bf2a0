import { inTransaction, reader } from '../../db/transaction.ts';
import type { Standing } from '../../domain/standing.ts';
import { answerOf } from '../../peers/answer.ts';
import type { ActivityDeps } from '../deps.ts';
import { createEar } from './ear.ts';
import { deliver } from './hand-over.ts';
import type { Lines, Listening } from './lines.ts';
import { type Line, lineNow, type Queued, queued } from './queued.ts';
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
/** After so long the engine is told where it stands, however much is left. */
const longestMs = 5 * 60_000;

/**
 * Sends what is queued for another agency (I18), in the order in which it was written: each message only when the one before it was confirmed. What was sent is recorded with the next look, so
 * within moments. Between the confirmation and its record lies the gap in which a killed worker makes messages go out again; their receiver knows them by id, time and content. What does not get
 * through makes the line wait, longer each time.
 */
export async function sendQueued(
  deps: ActivityDeps,
  { peerId }: SendQueued,
  sending: Sending,
): Promise<Standing> {
  const listening = sending.lines.open(peerId);
  try {
    return await sendAndListen(deps, peerId, sending, listening);
  } finally {
    listening.close();
  }
}

/** Looks, sends and listens in turn, until nothing comes any more, the line cannot go on, or the engine is to hear of it. */
async function sendAndListen(
  deps: ActivityDeps,
  peerId: string,
  sending: Sending,
  listening: Listening,
): Promise<Standing> {
  const begun = sending.clock();
  const ear = createEar(listening, begun);
  let sent: readonly Settled[] = [];
  for (;;) {
    const queue = await recordAndLook(deps, peerId, sent, sending);
    const page = await sendPage(deps, queue, sending);
    const now = sending.clock();
    if (queue.length === 0 && !ear.isOpen()) return working(now, { ended: true });
    const isLong = now > begun + longestMs || sending.stopped();
    const stop = page.stop ?? (isLong ? () => working(now, { ended: false }) : undefined);
    if (stop) {
      await record(deps, peerId, page.sent, sending);
      return stop();
    }
    if (queue.length > 0) ear.heard(now);
    if (!page.more) await ear.listen(now);
    ({ sent } = page);
  }
}

/** Whoever ends without having come to the end is called again at once. */
const working = (now: number, { ended }: { readonly ended: boolean }): Standing => ({
  state: 'working',
  deliver: [],
  ...(!ended && { wakeAt: now }),
  ended,
  asOf: now,
});

interface Page {
  /** What the other side has answered; it is to be recorded before anything else. */
  readonly sent: readonly Settled[];
  /** There is something to do at once. */
  readonly more?: boolean;
  /** The line cannot go on: answers where it stands, and notes a failure. */
  readonly stop?: () => Standing | Promise<Standing>;
}

/** Hands messages over one after the other, as long as nothing comes between. */
async function sendPage(deps: ActivityDeps, queue: readonly Queued[], sending: Sending): Promise<Page> {
  const sent: Settled[] = [];
  for (const { line: seen, ...message } of queue) {
    const line = sent.length === 0 ? seen : await lineNow(deps, seen);
    const held = heldBack(line, sending.clock());
    if (held) return { sent, stop: () => held };
    const handed = await handOver(deps, line, message, sending);
    if ('failed' in handed) return { sent, stop: () => fail(deps, line, message, handed.failed, sending) };
    sent.push(handed);
    // The process that hears of a refusal goes on without the message.
    if (handed.error !== null) return { sent, more: true };
  }
  return { sent, more: queue.length === pageSize };
}

/** Records what was sent, and reads what is to be sent next: one transaction. */
async function recordAndLook(
  { orm, engine }: ActivityDeps,
  peerId: string,
  sent: readonly Settled[],
  { clock }: Sending,
): Promise<Queued[]> {
  if (sent.length === 0) return queued(reader(orm), peerId, pageSize);
  const { rouse, queue } = await inTransaction(orm, async (tx) => ({
    rouse: await recordSettled(tx, peerId, sent, new Date(clock())),
    queue: await queued(tx, peerId, pageSize),
  }));
  await engine.rouse(rouse);
  return queue;
}

async function record(
  { orm, engine }: ActivityDeps,
  peerId: string,
  sent: readonly Settled[],
  { clock }: Sending,
): Promise<void> {
  if (sent.length === 0) return;
  await engine.rouse(await inTransaction(orm, (tx) => recordSettled(tx, peerId, sent, new Date(clock()))));
}

/** Staff hold it back, or it waits after a failure. */
function heldBack({ paused, nextTryAt }: Line, now: number): Standing | undefined {
  if (paused) return { state: 'paused', deliver: [], ended: false, asOf: now };
  return nextTryAt !== null && nextTryAt > now ? failing(nextTryAt, now) : undefined;
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
  line: Line,
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

async function fail(
  deps: ActivityDeps,
  line: Line,
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
