import { refuse, type Refused } from '../../domain/refusal.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { closeAttempt, tellSupplier } from './attempt.ts';
import { chooseNext } from './choose.ts';
import { end } from './ends.ts';
import { changeForm } from './form.ts';
import { type Held, openAttemptOf } from './held.ts';
import { tell } from './notices.ts';
import { requestSubject } from './standing.ts';
import type { ChooseSuppliers, EditRequest, ReviewRequest } from './steps.ts';

/** The librarian lets it go out, to suppliers in an order of their own if they like, or rejects it; the reader is told why (I4). */
export async function review(held: Held, wish: ReviewRequest): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  const { decision, remarkId, suppliers, formId } = wish;
  if (request.state !== 'reviewing') return refuse({ code: 'request-not-reviewing', state: request.state });
  if (decision === 'reject' && remarkId === undefined) return refuse({ code: 'remark-missing' });
  if (decision === 'approve' && (await openAttemptOf(held))) return refuse({ code: 'request-by-hand' });
  const refused = takeSuppliers(held, suppliers);
  if (refused) return refused;
  await resolveTask(tx, 'review-request', request.id, {
    at,
    by: actor,
    outcome: decision === 'approve' ? 'approve' : 'reject-for-good',
    remarkId,
  });
  if (decision === 'reject') {
    request.remarkId = remarkId ?? null;
    await end(held, 'rejected', 'by-librarian');
    await tell(held, { kind: 'ill-rejected', cause: 'rejected', content: { remarkId } });
    return undefined;
  }
  if (formId !== undefined) await changeForm(held, formId);
  record(tx, requestSubject(request), { kind: 'ill-approved', actor, at });
  await chooseNext(held);
  return undefined;
}

/** The librarian says whom to ask, in which order (I10); at once instead of the supplier that has it, if so wished. */
export async function choose(held: Held, wish: ChooseSuppliers): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  if (!['reviewing', 'choosing', 'requested', 'promised', 'asked'].includes(request.state))
    return refuse({ code: 'request-shipped', state: request.state });
  if (wish.instead && request.cancelWantedAt) return refuse({ code: 'request-cancelling' });
  const refused = takeSuppliers(held, wish.suppliers);
  if (refused) return refused;
  record(tx, requestSubject(request), {
    kind: 'ill-suppliers-chosen',
    actor,
    at,
    detail: { suppliers: wish.suppliers },
  });
  const attempt = await openAttemptOf(held);
  if (attempt && wish.instead) {
    await tellSupplier(held, attempt, { action: 'Cancel' });
    closeAttempt(held, attempt, 'cancelled', { reason: 'by-librarian' });
  }
  if (wish.instead || request.state === 'choosing') await chooseNext(held);
  return undefined;
}

/** The librarian corrects what was asked for, before it goes out. */
export async function edit(held: Held, { formId }: EditRequest): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  if (request.state !== 'reviewing') return refuse({ code: 'request-not-reviewing', state: request.state });
  await changeForm(held, formId);
  record(tx, requestSubject(request), { kind: 'ill-edited', actor, at, detail: { formId } });
  return undefined;
}

function takeSuppliers(
  { ill, request }: Held,
  suppliers: readonly string[] | undefined,
): Refused | undefined {
  if (!suppliers) return undefined;
  const unknown = suppliers.filter((peer) => !ill.peers.some(({ code }) => code === peer));
  if (unknown.length > 0) return refuse(...unknown.map((peer) => ({ code: 'peer-unknown' as const, peer })));
  request.chosen = [...suppliers];
  return undefined;
}
