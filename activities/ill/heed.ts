import type { FilterQuery } from '@mikro-orm/core';
import { type IllAttempt, IllMessage } from '../../db/entities/index.ts';
import { hear, type Heard, isShipped } from '../../domain/ill-heard.ts';
import { isIllEnded } from '../../domain/ill.ts';
import { record } from '../record.ts';
import { heedPromise, heedRetry } from './ask.ts';
import { closeAttempt } from './attempt.ts';
import { cancelLost, cancelWon } from './cancel.ts';
import { chooseNext } from './choose.ts';
import { heedDue, type SupplierSays } from './delivery.ts';
import { attemptsOf, type Held } from './held.ts';
import { heedLate } from './late.ts';
import { heedLostCost } from './lost-cost.ts';
import { ship, type Spoken } from './ship.ts';
import { requestSubject } from './standing.ts';
import { heedUnsent } from './unsent.ts';

type Which = FilterQuery<IllMessage>;

const heardAlready: Which = { direction: 'in', state: { $ne: 'refused' } };
const notGotThrough: Which = { direction: 'out', state: { $in: ['refused', 'given-up'] }, settledAt: null };

/**
 * Heeds the suppliers' messages that have come since. What an attempt has come to is always read from all of its messages, as they were said: those that come late, twice or in another order
 * lead to the same (I18).
 */
export async function heed(held: Held): Promise<void> {
  const attempts = await attemptsOf(held);
  if (attempts.length === 0) return;
  const about: Which = {
    aboutId: { $in: attempts.map(({ id }) => id) },
    $or: [heardAlready, notGotThrough],
  };
  const messages = await held.tx.find(IllMessage, about, { orderBy: { seq: 'asc' } });
  for (const attempt of attempts) {
    const mine = messages.filter(({ aboutId }) => aboutId === attempt.id);
    const heardOf = mine.filter(({ direction }) => direction === 'in');
    if (heardOf.some(({ state }) => state === 'stored')) await heedAttempt(held, attempt, heardOf);
    const lost = mine.filter(({ direction }) => direction === 'out');
    if (lost.length > 0) await heedUnsent(held, attempt, lost);
  }
}

function spokenIn(row: IllMessage): Spoken {
  const says = row.body as unknown as SupplierSays;
  const { reasonForMessage: reason, answerYesNo: answer } = says.messageInfo;
  const { status } = says.statusInfo;
  return { row, says, at: row.saidAt.getTime(), seq: Number(row.seq), reason, status, answer };
}

async function heedAttempt(held: Held, attempt: IllAttempt, rows: readonly IllMessage[]): Promise<void> {
  const spoken = rows.map(spokenIn);
  const heard = hear(spoken);
  const fresh = spoken.filter(({ row }) => row.state === 'stored');
  for (const { row } of fresh) {
    row.state = attempt.statusAt && row.saidAt < attempt.statusAt ? 'outdated' : 'heeded';
    row.settledAt = held.at;
  }
  const before = attempt.status ?? null;
  attempt.status = heard.status ?? null;
  attempt.statusAt = new Date(Math.max(...spoken.map(({ at }) => at)));
  const current = attempt.id === held.request.attemptId && ['open', 'completed'].includes(attempt.outcome);
  if (current) await heedCurrent(held, attempt, heard, fresh);
  else await heedLate(held, attempt, heard, before);
  if (heard.status === 'CompletedWithoutReturn')
    await heedLostCost(
      held,
      attempt,
      fresh.map(({ says }) => says),
    );
}

async function heedCurrent(
  held: Held,
  attempt: IllAttempt,
  heard: Heard<Spoken>,
  fresh: readonly Spoken[],
): Promise<void> {
  const { request } = held;
  if (heard.shipped && !request.shippedAt) await ship(held, attempt, heard.shipped);
  if (request.shippedAt) return heedShipped(held, attempt, heard, fresh);
  const asked = fresh.findLast(({ reason }) => reason === 'CancelResponse');
  if (asked && heard.status !== 'Cancelled') await cancelLost(held);
  const { last } = heard;
  if (last && fresh.includes(last)) await heedStatus(held, attempt, last);
}

/** What a supplier that has not shipped says last. */
async function heedStatus(held: Held, attempt: IllAttempt, { status, says }: Spoken): Promise<void> {
  const { request } = held;
  const { reasonUnfilled, note } = says.messageInfo;
  if (status === 'WillSupply' || status === 'ExpectToSupply') return heedPromise(held, attempt, says);
  if (status === 'Cancelled' && request.cancelWantedAt) return cancelWon(held, 'agreed');
  const wanted = request.cancelWantedAt != null;
  if (status === 'Unfilled' || status === 'Cancelled') {
    const outcome = status === 'Unfilled' ? 'unfilled' : 'cancelled';
    closeAttempt(held, attempt, outcome, { reason: reasonUnfilled?.value, note });
    noteNo(held, attempt);
  } else if (status !== 'RetryPossible') return;
  // Whoever gave the request up meanwhile does not want it from anybody else.
  if (wanted) {
    if (status === 'RetryPossible') closeAttempt(held, attempt, 'retry');
    return cancelWon(held, 'agreed');
  }
  return status === 'RetryPossible' ? heedRetry(held, attempt, says) : chooseNext(held);
}

function noteNo({ tx, request, at, actor }: Held, { id, peer, outcome, reason }: IllAttempt): void {
  record(tx, requestSubject(request), {
    kind: 'ill-supplier-no',
    actor,
    at,
    detail: { attemptId: id, peer, outcome, ...(reason != null && { reason }) },
  });
}

/** Of something shipped: due dates, renewals, recalls, and its end. */
async function heedShipped(
  held: Held,
  attempt: IllAttempt,
  heard: Heard<Spoken>,
  fresh: readonly Spoken[],
): Promise<void> {
  const { deps, tx, policy, request, at, actor } = held;
  for (const spoken of heard.counted.filter((each) => fresh.includes(each) && each !== heard.shipped)) {
    if (isIllEnded(request.state) || !isShipped(spoken.status)) continue;
    const { says } = spoken;
    await tx.flush();
    held.wake.push(...(await heedDue(deps, tx, policy, { request, attempt, says, at, actor })));
  }
  if (attempt.outcome !== 'open') return;
  if (heard.status === 'LoanCompleted') closeAttempt(held, attempt, 'completed');
  if (heard.status === 'CompletedWithoutReturn') closeAttempt(held, attempt, 'lost');
}
