import type { ApplicationForm } from '../../db/entities/index.ts';
import type { Reason } from '../../domain/refusal.ts';
import { decisionReasons } from '../../domain/registration.ts';
import { applicationSubject, record } from '../record.ts';
import { approve, merge } from './registration-approve.ts';
import { awaitApplicant, closeReview, endAs, type Held } from './registration-moves.ts';
import { currentForm, tellApplicant } from './registration-notices.ts';
import type { DecideApplication } from './registration-steps.ts';

/** A reviewer's decision (A5). Of two at the same moment the row's lock lets one through; the other is told who was quicker. */
export async function decide(held: Held, wish: DecideApplication): Promise<readonly Reason[]> {
  const { application, procedure } = held;
  const reasons = decisionReasons(application, wish.seen, {
    decision: wish.decision,
    hasRemark: wish.remarkId !== undefined,
    needsAccount: procedure.needsAccount,
  });
  if (reasons.length > 0) return reasons;
  const refused = await carryOut(held, await currentForm(held.tx, application), wish);
  if (refused.length > 0) return refused;
  application.decidedBy = wish.actor;
  application.decidedAt = held.at;
  application.remarkId = wish.remarkId ?? null;
  await closeReview(held, { by: wish.actor, outcome: wish.decision, remarkId: wish.remarkId });
  return [];
}

async function carryOut(held: Held, form: ApplicationForm, wish: DecideApplication): Promise<Reason[]> {
  const grant = { actor: wish.actor, terms: wish.terms ?? {} };
  if (wish.decision === 'approve') return approve(held, form, grant);
  if (wish.decision === 'merge') return merge(held, form, { ...grant, patronId: wish.patronId });
  if (wish.decision === 'reject-for-good') await endAs(held, 'rejected', held.procedure.keepRejected);
  else await awaitApplicant(held, wish.decision === 'ask' ? 'questioned' : 'correcting');
  await tellReason(held, wish);
  return [];
}

const mails = {
  ask: 'application-question',
  reject: 'application-rejected',
  'reject-for-good': 'application-refused',
} as const;

/** The mail carries what staff wrote; it is read from the remark when the mail is written. */
async function tellReason({ tx, application, policy, at }: Held, wish: DecideApplication): Promise<void> {
  const { decision, remarkId, actor } = wish;
  if (decision === 'approve' || decision === 'merge') return;
  application.decidedAt = at;
  await tellApplicant(tx, policy, application, { kind: mails[decision], at, remarkId });
  const subject = applicationSubject(application);
  const detail = { remarkId, version: application.version };
  if (decision === 'ask') record(tx, subject, { kind: 'application-questioned', actor, at, detail });
  else if (decision === 'reject') record(tx, subject, { kind: 'application-sent-back', actor, at, detail });
  else record(tx, subject, { kind: 'application-rejected', actor, at, detail });
}
