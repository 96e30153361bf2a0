import { type IllAttempt, Loan, Task } from '../../db/entities/index.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import { chargeOverdue } from '../circulation/overdue-charge.ts';
import { record } from '../record.ts';
import { resolveTask, resolveTasks } from '../tasks.ts';
import { askLibrarian } from './ask-librarian.ts';
import { tellSupplier } from './attempt.ts';
import { takeBackShipped } from './booking.ts';
import type { SettleReturn } from './delivery-steps.ts';
import { type Held, latestAttempt } from './held.ts';
import { remarkText } from './note.ts';
import { after, complete } from './returning.ts';
import { requestSubject } from './standing.ts';
import { letGo, lockThing } from './thing.ts';

/**
 * A supplier says that it has its thing back (I13). Mostly that ends the request, whatever way the thing took. But while our books have it with the reader, or on our shelf, one of the two is wrong, and
 * believing the supplier would let a volume go that nobody looks for any more: a librarian is asked, and until then everything stays as it is.
 */
export async function supplierHasIt(held: Held, attempt: IllAttempt): Promise<void> {
  if (!countsAsHere(held)) return closeReturned(held, attempt);
  const { tx, request, at, actor } = held;
  record(tx, requestSubject(request), { kind: 'ill-return-doubted', actor, at });
  await askLibrarian(held, 'ill-return-differs', after(held, 'P1D'));
}

/** What was sent straight to the reader goes back without us. */
const countsAsHere = ({ request }: Held): boolean =>
  !request.direct && (request.state === 'lent' || request.state === 'received');

/** The librarian has found out. Of what its reader has brought back to the supplier the loan ends on the day on which the supplier said so, overdue fee included (L5). */
export async function settleReturn(
  held: Held,
  { back, remarkId }: SettleReturn,
): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  const open = { kind: 'ill-return-differs', subjectId: request.id, resolvedAt: null } as const;
  const attempt = await latestAttempt(held);
  if (!attempt || !(await tx.findOne(Task, open)))
    return refuse({ code: 'request-moved-on', state: request.state });
  await resolveTask(tx, 'ill-return-differs', request.id, { at, by: actor, outcome: 'settled', remarkId });
  const detail = { back, ...(remarkId && { remarkId }) };
  record(tx, requestSubject(request), { kind: 'ill-return-settled', actor, at, detail });
  if (back) await closeReturned(held, attempt);
  else await contradict(held, attempt, remarkId);
  return undefined;
}

async function contradict(held: Held, attempt: IllAttempt, remarkId: string | undefined): Promise<void> {
  const note = (await remarkText(held.tx, remarkId)) ?? 'The item has not been sent back yet. It will be.';
  await tellSupplier(held, attempt, { action: 'Notification', note });
}

/** What never came here is not paid for, as the policy has it (I15). */
async function closeReturned(held: Held, attempt: IllAttempt): Promise<void> {
  const { tx, policy, request, at, actor } = held;
  await leave(held, attempt.statusAt ?? at);
  if (!request.receivedAt && !request.direct)
    await takeBackShipped(tx, policy, { request, attempt, why: 'not-received', at, actor });
  complete(held, request.sentBackAt || request.direct ? null : 'not-through-us');
}

async function leave(held: Held, backAt: Date): Promise<void> {
  const { tx, policy, request, at, actor } = held;
  const item = await lockThing(held);
  if (item && item.state !== 'withdrawn' && item.state !== 'lost') {
    const loan = await tx.findOne(Loan, { itemId: item.id, endedAt: null });
    if (loan) await chargeOverdue(tx, policy, loan, { backAt, at, actor });
    held.wake.push(...(await letGo({ tx, at, actor }, item, 'returned')));
  }
  await resolveTasks(tx, ['ill-send-back', 'ill-missing', 'ill-renewal'], request.id, {
    at,
    by: 'system',
    outcome: 'dropped',
  });
}
