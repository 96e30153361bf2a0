import { Temporal } from 'temporal-polyfill';
import type { IllRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import type { Actor } from '../../domain/roles.ts';
import { instant, toDate } from '../facts.ts';
import { record } from '../record.ts';
import { openTask, resolveTask } from '../tasks.ts';
import { requestSubject } from './standing.ts';

interface Back {
  readonly tx: Tx;
  readonly policy: LibraryPolicy;
  readonly request: IllRequest;
  readonly at: Date;
  readonly actor: Actor;
}

export const after = ({ policy, at }: Back, length: string): Date =>
  toDate(endOf(policy, instant(at), length));

function thingsOf({ ill, code }: LibraryPolicy) {
  if (ill === 'none') throw new Error(`The policy of ${code} has no interlibrary loan.`);
  return ill.delivery.things;
}

/**
 * The thing is at the library and nobody's any more: brought back, not collected, of no use (I13). It waits for somebody to send it back. The request is locked.
 *
 * @param branch where it is sent back from; null: it is not known yet
 */
export async function toBeSentBack(back: Back, branch: string | null, why: string): Promise<void> {
  const { tx, policy, request, at, actor } = back;
  if (request.state === 'returning') return;
  request.state = 'returning';
  request.reason = 'send-back';
  request.renewalWantedAt = null;
  request.lookAt = null;
  record(tx, requestSubject(request), { kind: 'ill-returned', actor, at, detail: { why } });
  await resolveTask(tx, 'ill-return-differs', request.id, { at, by: actor, outcome: 'dropped' });
  await openTask(tx, requestSubject(request), {
    kind: 'ill-send-back',
    branch,
    workflowId: `ill:${request.id}`,
    at,
    dueAt: after(back, thingsOf(policy).sendBackWithin),
  });
}

/** Everything has come to its end; a code says what was unusual about it. */
export function complete({ tx, request, at, actor }: Back, reason: string | null): void {
  Object.assign(request, { state: 'completed', reason, endedAt: at, lookAt: null, renewalWantedAt: null });
  record(tx, requestSubject(request), {
    kind: 'ill-completed',
    actor,
    at,
    ...(reason !== null && { detail: { reason } }),
  });
}

/** Whether the time is over in which a supplier should have said that it has its thing back. */
export const isUnconfirmed = ({ state, sentBackAt, lookAt }: IllRequest, at: Date): boolean =>
  state === 'returning' &&
  sentBackAt != null &&
  lookAt != null &&
  Temporal.Instant.compare(instant(lookAt), instant(at)) <= 0;
