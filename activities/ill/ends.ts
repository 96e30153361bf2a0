import type { IllRequest } from '../../db/entities/index.ts';
import type { TaskKind } from '../../domain/tasks.ts';
import { record } from '../record.ts';
import { resolveTasks } from '../tasks.ts';
import type { Held } from './held.ts';
import { tell, withdraw } from './notices.ts';
import { requestSubject } from './standing.ts';

/** Tasks that are about a request while it is being obtained. */
export const obtainingTasks = [
  'review-request',
  'request-asks',
  'request-late',
] as const satisfies readonly TaskKind[];

/** What waits for staff is not needed any more. */
export async function dropTasks(
  { tx, request, at }: Held,
  kinds: readonly TaskKind[] = obtainingTasks,
): Promise<void> {
  await resolveTasks(tx, kinds, request.id, { at, by: 'system', outcome: 'dropped' });
}

/** Nobody has to answer any more what was asked, or to look at it first. */
export async function noLongerAsked(held: Held): Promise<void> {
  const { request } = held;
  if (request.state !== 'asked' && request.state !== 'reviewing') return;
  // What staff have just decided stands on the task already.
  await held.tx.flush();
  await dropTasks(held, ['review-request', 'request-asks']);
  await withdraw(held, 'ill-asked');
  request.asks = null;
  request.askUntil = null;
}

/** Why nothing came of it: `all-unfilled`, `no-supplier`, `needed-by-passed`, `by-librarian`, `not-obtained`. */
export async function endUnfilled(held: Held, reason: string): Promise<void> {
  await end(held, 'unfilled', reason);
  await tell(held, { kind: 'ill-unfilled', cause: `unfilled:${held.at.getTime()}` });
}

/** It was given up; whoever did so just now need not be told. */
export async function endCancelled(
  held: Held,
  reason: string,
  { told }: { readonly told: boolean },
): Promise<void> {
  const { remarkId } = held.request;
  await end(held, 'cancelled', reason);
  if (told) await tell(held, { kind: 'ill-cancelled', cause: 'cancelled', content: { remarkId } });
}

const endings = {
  unfilled: { kind: 'ill-unfilled' },
  rejected: { kind: 'ill-rejected' },
  cancelled: { kind: 'ill-cancelled' },
} as const;

/** Ends a request that has not been shipped. */
export async function end(
  held: Held,
  state: 'unfilled' | 'rejected' | 'cancelled',
  reason: string,
): Promise<void> {
  const { tx, request, at, actor } = held;
  settle(request);
  request.state = state;
  request.reason = reason;
  request.endedAt = at;
  await dropTasks(held);
  record(tx, requestSubject(request), { ...endings[state], actor, at, detail: { reason } });
}

/** Nothing is waited for any more. */
export function settle(request: IllRequest): void {
  request.asks = null;
  request.askUntil = null;
  request.cancelWantedAt = null;
  request.lookAt = null;
}
