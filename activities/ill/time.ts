import { type IllAttempt, Task } from '../../db/entities/index.ts';
import { isIllEnded } from '../../domain/ill.ts';
import { record } from '../record.ts';
import { openTask } from '../tasks.ts';
import { takeAnswer } from './answer.ts';
import { closeAttempt, tellSupplier } from './attempt.ts';
import { cancelWon } from './cancel.ts';
import { askedAgainAt } from './again.ts';
import { chooseNext } from './choose.ts';
import { isDelivering, lookAtDelivery } from './delivery.ts';
import { endUnfilled } from './ends.ts';
import { type Held, openAttemptOf, workingDaysFrom } from './held.ts';
import { requestSubject } from './standing.ts';

/** What time brings to a request: no answer in the time allowed (I10), a question that nobody answered, the day after which it is of no use, lateness (I12); of what was shipped, what delivery waits for. */
export async function passTime(held: Held): Promise<void> {
  const { deps, tx, policy, request, at } = held;
  if (isIllEnded(request.state)) return;
  if (isDelivering(request)) {
    held.wake.push(...(await lookAtDelivery(deps, tx, policy, request, at)));
    return;
  }
  const attempt = await openAttemptOf(held);
  if (request.neededBy && request.neededBy <= at && request.state !== 'promised')
    return tooLate(held, attempt);
  if (attempt?.answerBy && attempt.answerBy <= at) await unanswered(held, attempt);
  else if (request.askUntil && request.askUntil <= at) await takeAnswer(held, false);
  else if (request.state === 'choosing') await askAgain(held);
  if (request.lateAt && request.lateAt <= at && !request.endedAt) await showLate(held);
}

async function tooLate(held: Held, attempt: IllAttempt | undefined): Promise<void> {
  if (attempt) {
    await tellSupplier(held, attempt, { action: 'Cancel' });
    closeAttempt(held, attempt, 'cancelled', { reason: 'needed-by-passed' });
  }
  return held.request.cancelWantedAt ? cancelWon(held, 'unanswered') : endUnfilled(held, 'needed-by-passed');
}

/** A supplier is silent: about a cancellation, about a request, or about what it promised. */
async function unanswered(held: Held, attempt: IllAttempt): Promise<void> {
  const { tx, request, at, actor } = held;
  if (request.cancelWantedAt) return cancelWon(held, 'unanswered');
  if (request.state === 'promised') {
    attempt.answerBy = null;
    return showLate(held, true);
  }
  await tellSupplier(held, attempt, { action: 'Cancel' });
  closeAttempt(held, attempt, 'no-answer');
  record(tx, requestSubject(request), {
    kind: 'ill-supplier-no',
    actor,
    at,
    detail: { attemptId: attempt.id, peer: attempt.peer, outcome: 'no-answer' },
  });
  return chooseNext(held);
}

async function askAgain(held: Held): Promise<void> {
  const from = await askedAgainAt(held);
  if (from === undefined || from <= held.at.getTime()) await chooseNext(held);
}

/** Once a request, and once more where what was promised does not come. */
async function showLate(held: Held, again = false): Promise<void> {
  const { tx, request, at, actor } = held;
  const subject = requestSubject(request);
  const shown = await tx.count(Task, { kind: 'request-late', subjectId: request.id });
  if (shown > 0 && !again) return;
  record(tx, subject, { kind: 'ill-late', actor, at });
  await openTask(tx, subject, {
    kind: 'request-late',
    branch: held.ill.obtaining.branch ?? null,
    workflowId: `ill:${request.id}`,
    at,
    dueAt: await workingDaysFrom(held, 1),
  });
}
