import { Application, ApplicationForm, type Patron } from '../../db/entities/index.ts';
import { lockLibrary, lockPatron, present } from '../../db/locks.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { findProcedure, type Procedure } from '../../domain/policy-registration.ts';
import { type Reason, refuse } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { applicationSubject, record } from '../record.ts';
import { approve } from './registration-approve.ts';
import { awaitApplicant, type Held, openReview } from './registration-moves.ts';
import { mailOfState, tellApplicant } from './registration-notices.ts';
import { applicationStanding, lockApplication } from './registration-standing.ts';
import type { ApplicationAnswer, SubmitApplication } from './registration-steps.ts';

interface Submission {
  readonly policy: LibraryPolicy;
  readonly procedure: Procedure;
  readonly form: ApplicationForm;
  readonly patron: Patron | undefined;
}

/** Who an applicant is in the story: the reader whose card it is for, or the application itself. */
export function applicantOf({ id, patronId }: { id: string; patronId?: string | null | undefined }): Actor {
  return patronId ? `patron:${patronId}` : `applicant:${id}`;
}

/**
 * Begins an application from version 1 of its form (A1, A2, A4). Its id is the key: one that exists is answered as it stands. The same person applying a second time makes no
 * second application; the mail about the first goes out again, and whoever asked cannot tell the difference.
 */
export async function submitApplication(
  deps: ActivityDeps,
  { applicationId, library, now }: SubmitApplication,
): Promise<ApplicationAnswer> {
  const { wake, ...answer } = await inTransaction(deps.orm, async (tx) => {
    // A card number may be given out at once, and two at the same instant must see each other.
    await lockLibrary(tx, library);
    const known = await lockApplication(tx, applicationId);
    if (known) return { standing: await applicationStanding(deps, tx, known, now), wake: undefined };
    const form = present(
      await tx.findOne(ApplicationForm, { applicationId, version: 1 }),
      `form of ${applicationId}`,
    );
    const policy = deps.policies.get(library);
    const procedure = findProcedure(policy, form.procedure);
    if (!procedure?.offered || form.library !== library)
      return { ...refuse({ code: 'procedure-unknown' }), wake: undefined };
    const patron = form.patronId ? await lockPatron(tx, form.patronId) : undefined;
    const submission = { policy, procedure, form, patron };
    const reasons = await submissionReasons(tx, submission);
    if (reasons.length > 0) return { ...refuse(...reasons), wake: undefined };
    const earlier = procedure.needsAccount ? undefined : await earlierOf(tx, form);
    if (earlier) {
      await repeat(tx, policy, earlier, new Date(now));
      return { standing: repeated(now), wake: `registration:${earlier.id}` };
    }
    return { ...(await begin(deps, tx, submission, now)), wake: undefined };
  });
  if (wake) await deps.engine.wake([wake]);
  return answer;
}

/** What the caller may be told, being who they say: it is about their own card, or about an identity they have proved. */
async function submissionReasons(tx: Tx, { procedure, form, patron }: Submission): Promise<Reason[]> {
  const reasons: Reason[] = [];
  if (procedure.needsAccount) {
    if (!patron || patron.library !== form.library) return [{ code: 'patron-unknown' }];
    if (patron.closedAt) reasons.push({ code: 'patron-closed' });
    if (procedure.grants.permissions.every((code) => patron.permissions?.includes(code)))
      reasons.push({ code: 'permission-held' });
    const open = { patronId: patron.id, procedure: procedure.code, endedAt: null };
    if ((await tx.count(Application, open)) > 0) reasons.push({ code: 'application-open' });
  }
  if (procedure.identity !== undefined && form.identityProvider !== procedure.identity)
    reasons.push({ code: 'identity-missing' });
  return reasons;
}

/** An open application of the same person for the same: same address and name. */
async function earlierOf(tx: Tx, form: ApplicationForm): Promise<Application | undefined> {
  const [row] = await tx.execute<{ id: string }[]>(
    `select application.id from application join application_form as form on form.application_id = application.id and form.version = application.version
     where application.ended_at is null and application.library = ? and application.procedure = ?
       and form.email_key = ? and form.name_keys && ?::text[] and form.identity_subject is not distinct from ?
     order by application.submitted_at limit 1`,
    [
      form.library,
      form.procedure,
      form.emailKey,
      `{${form.nameKeys.map((key) => JSON.stringify(key)).join(',')}}`,
      form.identitySubject,
    ],
  );
  return row && lockApplication(tx, row.id);
}

/** At most one more mail an hour, however often somebody sends the form. */
async function repeat(tx: Tx, policy: LibraryPolicy, earlier: Application, at: Date): Promise<void> {
  const kind = mailOfState[earlier.state as keyof typeof mailOfState];
  const again = at.toISOString().slice(0, 13);
  await tellApplicant(tx, policy, earlier, { kind, at, again, remarkId: earlier.remarkId ?? undefined });
  const actor = applicantOf(earlier);
  record(tx, applicationSubject(earlier), { kind: 'application-repeated', actor, at });
}

const repeated = (now: number) => ({ state: 'repeated', deliver: [], ended: true, asOf: now });

async function begin(
  deps: ActivityDeps,
  tx: Tx,
  { policy, procedure, form }: Submission,
  now: number,
): Promise<ApplicationAnswer> {
  const at = new Date(now);
  const application = tx.create(Application, {
    id: form.applicationId,
    library: policy.code,
    procedure: procedure.code,
    state: 'confirming',
    version: 1,
    language: form.language,
    patronId: form.patronId ?? null,
    submittedAt: at,
    lapsesAt: at,
  });
  const held = { tx, application, policy, procedure, at };
  const actor = applicantOf(application);
  record(tx, applicationSubject(application), {
    kind: 'application-submitted',
    actor,
    at,
    detail: { procedure: procedure.code, version: 1 },
  });
  const reasons = await firstStep(held, form, actor);
  if (reasons.length > 0) return undo(tx, reasons);
  return { standing: await applicationStanding(deps, tx, application, now) };
}

/** Nothing has been written yet; what was only planned is forgotten. */
function undo(tx: Tx, reasons: readonly Reason[]): ApplicationAnswer {
  tx.clear();
  return refuse(...reasons);
}

async function firstStep(held: Held, form: ApplicationForm, actor: Actor): Promise<Reason[]> {
  const { procedure } = held;
  if (procedure.confirm && !form.emailTrusted) {
    await held.tx.flush();
    await awaitApplicant(held, 'confirming');
    await tell(held, 'application-confirm');
    return [];
  }
  return afterConfirmation(held, form, actor);
}

/** The address is as sure as the procedure wants it: on to the reviewers, or straight to the account (A1). */
export async function afterConfirmation(held: Held, form: ApplicationForm, actor: Actor): Promise<Reason[]> {
  if (!held.procedure.review) return approve(held, form, { actor, terms: {} });
  await held.tx.flush();
  await openReview(held);
  if (!held.application.confirmedVersion) await tell(held, 'application-received');
  return [];
}

function tell(
  { tx, policy, application, at }: Held,
  kind: 'application-confirm' | 'application-received',
): Promise<void> {
  return tellApplicant(tx, policy, application, { kind, at });
}
