import { ApplicationForm } from '../../db/entities/index.ts';
import { lockLibrary, lockPatron, present } from '../../db/locks.ts';
import { inTransaction, once, type Step, type Tx } from '../../db/transaction.ts';
import { type Reason, refuse } from '../../domain/refusal.ts';
import { confirmationReasons, resubmissionReasons, withdrawalReasons } from '../../domain/registration.ts';
import type { Standing } from '../../domain/standing.ts';
import { beginMembershipOf } from '../membership/begin-membership.ts';
import type { ActivityDeps } from '../deps.ts';
import { applicationSubject, record } from '../record.ts';
import { decide } from './registration-decide.ts';
import { passTime } from './registration-look.ts';
import { awaitApplicant, closeReview, endAs, type Held, openReview } from './registration-moves.ts';
import { currentForm, tellApplicant } from './registration-notices.ts';
import { applicationStanding, lockApplication, procedureOf } from './registration-standing.ts';
import type {
  ApplicationAnswer,
  ConfirmApplication,
  DecideApplication,
  LookAtApplication,
  ResubmitApplication,
  SubmitApplication,
  WithdrawApplication,
} from './registration-steps.ts';
import { afterConfirmation, applicantOf, submitApplication } from './registration-submit.ts';

/** The activities of a registration's workflow. Each is one transaction. */
export function createRegistrationActivities(deps: ActivityDeps) {
  return {
    submitApplication: (step: SubmitApplication) => submit(deps, step),
    confirmApplication: (step: ConfirmApplication) => change(deps, step, (held) => confirm(held, step)),
    resubmitApplication: (step: ResubmitApplication) => change(deps, step, (held) => resubmit(held, step)),
    withdrawApplication: (step: WithdrawApplication) => change(deps, step, (held) => withdraw(held, step)),
    decideApplication: (step: DecideApplication) => change(deps, step, (held) => decide(held, step)),
    lookAtApplication: (look: LookAtApplication) => lookAt(deps, look),
  };
}

/**
 * Finds and locks an application: its library first, since a card number may be given out, then the reader it is about, then itself.
 */
async function hold(deps: ActivityDeps, tx: Tx, id: string, now: number): Promise<Held | undefined> {
  const [seen] = await tx.execute<{ library: string; patron_id: string | null }[]>(
    'select library, patron_id from application where id = ?',
    [id],
  );
  if (!seen) return undefined;
  await lockLibrary(tx, seen.library);
  if (seen.patron_id !== null) await lockPatron(tx, seen.patron_id);
  const application = present(await lockApplication(tx, id), `application ${id}`);
  const policy = deps.policies.get(application.library);
  return { tx, application, policy, procedure: procedureOf(policy, application), at: new Date(now) };
}

async function submit(deps: ActivityDeps, step: SubmitApplication): Promise<ApplicationAnswer> {
  const answer = await submitApplication(deps, step);
  await beginFee(deps, step.applicationId, answer);
  return answer;
}

/** A card that an approval has opened begins its usage fee's process at once (F2). */
async function beginFee(deps: ActivityDeps, applicationId: string, answer: ApplicationAnswer): Promise<void> {
  if ('standing' in answer && answer.standing.state === 'approved')
    await beginMembershipOf(deps, applicationId);
}

async function change(
  deps: ActivityDeps,
  step: Step & { readonly applicationId: string },
  act: (held: Held) => Promise<readonly Reason[]>,
): Promise<ApplicationAnswer> {
  const answer = await once<ApplicationAnswer>(deps.orm, step, async (tx) => {
    const held = await hold(deps, tx, step.applicationId, step.now);
    if (!held) return refuse({ code: 'application-unknown' });
    const reasons = await act(held);
    if (reasons.length > 0) return refuse(...reasons);
    return { standing: await applicationStanding(deps, tx, held.application, step.now) };
  });
  await beginFee(deps, step.applicationId, answer);
  return answer;
}

/** Reads where the application stands, after letting time do what it has to. */
async function lookAt(deps: ActivityDeps, { applicationId, now }: LookAtApplication): Promise<Standing> {
  return inTransaction(deps.orm, async (tx) => {
    const held = present(await hold(deps, tx, applicationId, now), `application ${applicationId}`);
    await passTime(held);
    return applicationStanding(deps, tx, held.application, now);
  });
}

/** The link was used by whoever reads the mail (A11); used again it changes nothing. */
async function confirm(held: Held, { version }: ConfirmApplication): Promise<readonly Reason[]> {
  const { tx, application, at } = held;
  if (application.confirmedVersion === version) return [];
  const reasons = confirmationReasons(application, version);
  if (reasons.length > 0) return reasons;
  const actor = applicantOf(application);
  const before = application.confirmedVersion;
  application.confirmedVersion = version;
  const refused =
    application.state === 'confirming'
      ? await afterConfirmation(held, await currentForm(tx, application), actor)
      : [];
  if (refused.length > 0) {
    application.confirmedVersion = before ?? null;
    return refused;
  }
  record(tx, applicationSubject(application), {
    kind: 'application-confirmed',
    actor,
    at,
    detail: { version },
  });
  return [];
}

/** The answer to a question, or the corrected form (A5): back to the reviewers, unless a new address has to be confirmed first. */
async function resubmit(held: Held, { version }: ResubmitApplication): Promise<readonly Reason[]> {
  const { tx, application, procedure, policy, at } = held;
  const reasons = resubmissionReasons(application, version);
  if (reasons.length > 0) return reasons;
  const before = await currentForm(tx, application);
  const form = present(
    await tx.findOne(ApplicationForm, { applicationId: application.id, version }),
    `version ${version} of application ${application.id}`,
  );
  const answered = application.state === 'questioned';
  const sameAddress = before.email === form.email;
  if (application.confirmedVersion !== null && sameAddress) application.confirmedVersion = version;
  application.version = version;
  application.language = form.language;
  if (procedure.confirm && !form.emailTrusted && application.confirmedVersion !== version) {
    await awaitApplicant(held, 'confirming');
    await tellApplicant(tx, policy, application, { kind: 'application-confirm', at });
  } else await openReview(held);
  const subject = applicationSubject(application);
  const story = { actor: applicantOf(application), at, detail: { version } };
  if (answered) record(tx, subject, { kind: 'application-answered', ...story });
  else record(tx, subject, { kind: 'application-resubmitted', ...story });
  return [];
}

async function withdraw(held: Held, { actor }: WithdrawApplication): Promise<readonly Reason[]> {
  const { tx, application, at } = held;
  const reasons = withdrawalReasons(application);
  if (reasons.length > 0) return reasons;
  await endAs(held, 'withdrawn');
  await closeReview(held, { by: actor, outcome: 'dropped' });
  record(tx, applicationSubject(application), { kind: 'application-withdrawn', actor, at });
  return [];
}
