import { IllAttempt } from '../../db/entities/index.ts';
import { isShipped } from '../../domain/ill-heard.ts';
import type { Heard } from '../../domain/ill-heard.ts';
import type { Status } from '../../domain/ill-status.ts';
import { byHand } from '../../domain/ill.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { openTask, resolveTask } from '../tasks.ts';
import { closeAttempt, tellSupplier } from './attempt.ts';
import { type Held, openAttemptOf, workingDaysFrom } from './held.ts';
import { ship, type Spoken } from './ship.ts';
import { requestSubject } from './standing.ts';
import type { SettleLate } from './steps.ts';

/** States in which nobody else has promised it: what comes late is welcome. */
const welcome: ReadonlySet<string> = new Set(['reviewing', 'choosing', 'requested', 'asked', 'unfilled']);

/**
 * Heeds what the supplier of an attempt says that is over (I10). What it has sent all the same is on its way: it is taken if nobody else has promised the request, and otherwise goes back, which
 * the supplier is told and the librarian sees to. All else changes nothing.
 */
export async function heedLate(
  held: Held,
  attempt: IllAttempt,
  heard: Heard<Spoken>,
  before: Status | null,
): Promise<void> {
  const { shipped } = heard;
  if (!shipped || isShipped(before)) return;
  if (wanted(held)) return takeBack(held, attempt, shipped);
  const { tx, request, at, actor } = held;
  const subject = requestSubject(request);
  const lent = shipped.status !== 'CopyCompleted';
  await tellSupplier(held, attempt, {
    action: 'Notification',
    note: lent
      ? 'The request was cancelled before this was shipped; it will be sent back.'
      : 'The request was cancelled before this was supplied.',
  });
  record(tx, subject, {
    kind: 'ill-too-late',
    actor,
    at,
    detail: { attemptId: attempt.id, peer: attempt.peer },
  });
  await openTask(tx, subject, {
    kind: 'request-too-late',
    branch: held.ill.obtaining.branch ?? null,
    workflowId: `ill:${request.id}`,
    at,
    dueAt: await workingDaysFrom(held, held.ill.obtaining.shipWithin),
  });
}

/** Of another library's request the requester has had our no. */
function wanted({ request }: Held): boolean {
  if (request.cancelWantedAt || !welcome.has(request.state)) return false;
  return !(request.onBehalfOf && request.endedAt);
}

/** Goes on with a supplier that had been given up; the one that was asked instead is not needed. */
async function takeBack(held: Held, attempt: IllAttempt, shipped: Spoken): Promise<void> {
  const { tx, request } = held;
  const other = await openAttemptOf(held);
  if (other) {
    if (other.peer !== byHand) await tellSupplier(held, other, { action: 'Cancel' });
    closeAttempt(held, other, 'cancelled', { reason: 'came-from-another' });
    await tx.flush();
  }
  attempt.outcome = 'open';
  attempt.endedAt = null;
  request.attemptId = attempt.id;
  request.endedAt = null;
  request.state = 'requested';
  await ship(held, attempt, shipped);
}

/** The librarian has sent back what came too late, or it never came. */
export async function settleLate(
  held: Held,
  { attemptId, outcome }: SettleLate,
): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  const attempt = await tx.findOne(IllAttempt, { id: attemptId, requestId: request.id });
  if (!attempt) return refuse({ code: 'attempt-unknown' });
  if (attempt.outcome === 'open' || !isShipped(attempt.status)) return refuse({ code: 'attempt-not-late' });
  await tellSupplier(
    held,
    attempt,
    outcome === 'sent-back'
      ? { action: 'ShippedReturn' }
      : { action: 'Notification', note: 'It has not come.' },
  );
  record(tx, requestSubject(request), {
    kind: 'ill-late-settled',
    actor,
    at,
    detail: { attemptId, outcome },
  });
  await resolveTask(tx, 'request-too-late', request.id, { at, by: actor, outcome: 'settled' });
  return undefined;
}
