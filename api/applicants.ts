import { type ApplicationRow, applicationById, type FormRow, formsOf } from '../db/queries/applications.ts';
import { ApplicationForm, type VerifiedIdentity } from '../db/entities/index.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import type { Written } from '../domain/application-fields.ts';
import type { Language } from '../domain/languages.ts';
import { findProcedure, type Procedure } from '../domain/policy-registration.ts';
import { resubmissionReasons } from '../domain/registration.ts';
import { carryOver, type Form, formRules, keepForm, takeForm } from './application-form.ts';
import type { Actor } from '../domain/roles.ts';
import { answer } from './answer.ts';
import { hashPassword } from './auth/passwords.ts';
import { applicationBody } from './bodies/application.ts';
import { valuesOf } from './bodies/form.ts';
import type { ApiDeps } from './deps.ts';
import { problem, refusal } from './problem.ts';
import type { Key } from './route.ts';
import { untoldBy, useUp, verifiedBy, verifiedValues, withIdentity } from './verified-identity.ts';
import { createWords, type Words } from './words.ts';

/** The account that applies for a further service. */
export interface Account {
  readonly patronId: string;
  readonly birthDate: string | null;
}

export interface NewApplication {
  readonly id: string;
  readonly library: string;
  readonly procedure: Procedure;
  readonly fields: Written;
  readonly language: Language;
  readonly account: Account | null;
  /** Who a provider says the applicant is (A1). */
  readonly identity?: VerifiedIdentity | undefined;
  readonly now: number;
}

/** What an applicant does with an application of theirs; `row` is one the caller may reach. */
export interface Wish {
  readonly row: ApplicationRow;
  readonly key: Key;
  readonly language: Language;
  /** Where the outcome will be seen. */
  readonly location: string;
  readonly now: number;
}

interface NextVersion {
  readonly form: Form;
  readonly answer: string | null;
}

/** What applicants do, whether by the secret of their mail or signed in (A2–A5). */
export function createApplicants(deps: ApiDeps) {
  const { orm, policies, commands } = deps;
  const wordsFor = createWords(deps);
  const wordsOf = ({ library }: ApplicationRow, language: Language): Words => wordsFor(library, language);

  const latestForm = async ({ id, version }: ApplicationRow): Promise<FormRow | undefined> =>
    (await formsOf(orm, id, version)).at(-1);

  const show = async (row: ApplicationRow, language: Language, now: number) =>
    applicationBody(row, await latestForm(row), wordsOf(row, language), now);

  const showAgain = async (id: string, language: Language, now: number) => {
    const row = await applicationById(orm, id);
    if (!row) throw problem('application-unknown');
    return show(row, language, now);
  };

  /** A new form as it will be kept. Throws everything that is wrong with it (A3). */
  const judge = ({ library, procedure, fields, account, identity, now }: NewApplication): Form => {
    const untold = identity ? untoldBy(identity, procedure) : [];
    const judging = { now, birthDate: account?.birthDate ?? null, untold };
    const form = takeForm(formRules(policies.get(library), procedure, judging), fields);
    return identity ? withIdentity(form, identity) : form;
  };

  /** Whether this very request has been kept before. */
  const isKept = async (applicationId: string): Promise<boolean> =>
    (await reader(orm).count(ApplicationForm, { applicationId, version: 1 })) > 0;

  /** Keeps the form as version 1; the process has not heard of it yet. */
  const keepFirst = async (given: NewApplication, form: Form): Promise<void> => {
    const { library, procedure, account, language, now, id: applicationId, identity } = given;
    await commands.ping();
    const passwordHash = form.password === undefined ? null : await hashPassword(form.password);
    const about = { applicationId, version: 1, library, procedure: procedure.code, language, now };
    const patronId = account?.patronId ?? null;
    const verified = identity ? verifiedBy(identity, form) : null;
    await inTransaction(orm, async (tx) => {
      if (identity && !(await useUp(tx, identity, now))) {
        // The same request came twice at once, and the other was quicker.
        if (await isKept(applicationId)) return;
        throw problem('identity-missing');
      }
      await keepForm(tx, { ...about, patronId, form, passwordHash, verified });
    });
  };

  const keepNext = async ({ row, now }: Wish, next: NextVersion): Promise<number> => {
    const { id: applicationId, library, procedure, patronId, language } = row;
    const version = row.version + 1;
    const { password } = next.form;
    const passwordHash = password === undefined ? null : await hashPassword(password);
    const about = { applicationId, version, library, procedure, patronId, language, now };
    await inTransaction(orm, async (tx) => {
      // Once it has ended its forms are deleted, and none may come after that.
      const [open] = await tx.execute('select from application where id = ? and ended_at is null for share', [
        applicationId,
      ]);
      if (!open) throw problem('application-ended');
      await keepForm(tx, { ...about, ...next, passwordHash });
      await carryOver(tx, applicationId, version);
    });
    return version;
  };

  const tell = (wish: Wish, version: number) => {
    const { row, key, location, language, now } = wish;
    return answer(commands.resubmitApplication(row.id, { version }, key.id), location, async () => ({
      status: 200 as const,
      body: await showAgain(row.id, language, now),
    }));
  };

  /** Keeps and tells what `next` makes of the latest version; a form nobody waits for is not kept. */
  const resubmit = async (wish: Wish, next: (form: FormRow) => NextVersion) => {
    const { row, key } = wish;
    const reasons = resubmissionReasons({ state: row.state, version: row.version }, row.version + 1);
    if (reasons.length > 0 && key.repeated) return tell(wish, row.version);
    const form = await latestForm(row);
    if (reasons.length > 0 || !form)
      throw refusal(reasons.length > 0 ? reasons : [{ code: 'application-unknown' }]);
    return tell(wish, await keepNext(wish, next(form)));
  };

  return {
    wordsFor,
    show,
    showAgain,
    judge,
    isKept,
    keepFirst,
    /** Answers the library's question; the form stays as it is. */
    answer: (wish: Wish, text: string) => resubmit(wish, (form) => ({ form: valuesOf(form), answer: text })),
    /** Corrects the form, with a word to the library if need be (A5). A password stays unless a new one is given. */
    correct: (wish: Wish, fields: Written, text: string | null, account: Account | null) =>
      resubmit(wish, (earlier) => {
        const policy = policies.get(wish.row.library);
        const procedure = findProcedure(policy, wish.row.procedure);
        if (!procedure) throw problem('procedure-unknown');
        const birthDate = account?.birthDate ?? null;
        const judging = { now: wish.now, birthDate, passwordKept: earlier.hasPassword };
        const form = takeForm(formRules(policy, procedure, judging), fields);
        return { form: { ...verifiedValues(procedure, valuesOf(earlier)), ...form }, answer: text };
      }),
    withdraw: ({ row, key, location, language, now }: Wish, actor: Actor) =>
      answer(commands.withdrawApplication(row.id, { actor }, key.id), location, async () => ({
        status: 200 as const,
        body: await showAgain(row.id, language, now),
      })),
  };
}

export type Applicants = ReturnType<typeof createApplicants>;
