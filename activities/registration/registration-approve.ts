import { type ApplicationForm, Patron, PatronIdentity } from '../../db/entities/index.ts';
import { lockPatron, present } from '../../db/locks.ts';
import type { Reason } from '../../domain/refusal.ts';
import { overdraftReasons } from '../payments/credit.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { applicationSubject, record } from '../record.ts';
import { accountReasons, forgetPasswords, type Grant, grantTo, openAccount } from './registration-account.ts';
import { endAs, type Held } from './registration-moves.ts';
import { tellApplicant } from './registration-notices.ts';

/** Gives what was applied for: a new account, or permissions of the account there is (A1, A2, A4). Answers every reason why not, and then has written nothing. */
export async function approve(held: Held, form: ApplicationForm, grant: Grant): Promise<Reason[]> {
  const { tx, application, policy, procedure, at } = held;
  if (procedure.needsAccount) return approveFor(held, form, grant);
  const reasons = await accountReasons(held, form, grant.terms);
  if (reasons.length > 0) return reasons;
  const patron = await openAccount(held, form, grant);
  await finish(held, 'approved', grant);
  const kind = 'application-approved';
  // Whoever waited for staff gets a mail in any case (A5); without a review the mail that asks to confirm the address is enough.
  if (procedure.review && patron.emailState !== 'confirmed')
    await tellApplicant(tx, policy, application, { kind, at });
  else
    await queueNotice(tx, policy, patron, applicationSubject(application), { kind, cause: 'approved', at });
  return [];
}

async function approveFor(held: Held, form: ApplicationForm, grant: Grant): Promise<Reason[]> {
  const { tx, application, policy, at } = held;
  const patron = present(await lockPatron(tx, present(application.patronId, 'account')), 'account');
  if (patron.closedAt) return [{ code: 'patron-closed' }];
  const reasons = await overdraftReasons(tx, patron, grant.terms.overdraftLimitMinor);
  if (reasons.length > 0) return reasons;
  await grantTo(held, form, patron, grant);
  await finish(held, 'approved', grant);
  await tellApplicant(tx, policy, application, { kind: 'application-approved', at });
  return [];
}

/** The applicant has a card already: it gets what was applied for, and keeps its number and password. */
export async function merge(
  held: Held,
  form: ApplicationForm,
  { patronId, ...grant }: Grant & { readonly patronId: string | undefined },
): Promise<Reason[]> {
  const { tx, application, policy, at } = held;
  const seen =
    patronId === undefined ? null : await tx.findOne(Patron, { id: patronId, library: policy.code });
  const patron = seen && (await lockPatron(tx, seen.id));
  if (!patron) return [{ code: 'patron-unknown' }];
  if (patron.closedAt) return [{ code: 'patron-closed' }];
  const { identityProvider: provider, identitySubject: subject } = form;
  const bound =
    provider && subject && (await tx.findOne(PatronIdentity, { library: policy.code, provider, subject }));
  if (bound && bound.patronId !== patron.id) return [{ code: 'identity-bound' }];
  const reasons = await overdraftReasons(tx, patron, grant.terms.overdraftLimitMinor);
  if (reasons.length > 0) return reasons;
  application.patronId = patron.id;
  await grantTo(held, form, patron, grant);
  await finish(held, 'merged', grant);
  await tellApplicant(tx, policy, application, { kind: 'application-merged', at });
  return [];
}

async function finish(held: Held, state: 'approved' | 'merged', { actor }: Grant): Promise<void> {
  const { tx, application, at } = held;
  await endAs(held, state);
  await forgetPasswords(held);
  const detail = { patronId: application.patronId, version: application.version };
  const subject = applicationSubject(application);
  if (state === 'approved') record(tx, subject, { kind: 'application-approved', actor, at, detail });
  else record(tx, subject, { kind: 'application-merged', actor, at, detail });
}
