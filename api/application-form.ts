import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../db/transaction.ts';
import {
  type FieldProblem,
  type FormRules,
  type JudgedForm,
  judgeForm,
  type Written,
} from '../domain/application-fields.ts';
import { civilDay } from '../domain/calendar.ts';
import type { Language } from '../domain/languages.ts';
import { emailKey, nameKeys, phoneKey } from '../domain/person-keys.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { FieldCode, Procedure } from '../domain/policy-registration.ts';
import { refusal } from './problem.ts';

export type Form = JudgedForm['form'];

export interface Judging {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the account that applies for a further service, `YYYY-MM-DD`. */
  readonly birthDate?: string | null;
  /** A password was given with an earlier version and stays when none is given now. */
  readonly passwordKept?: boolean;
  /** What the identity provider should have told and has not: the applicant must (A1). */
  readonly untold?: readonly FieldCode[];
}

/** The rules of a procedure's form, as they are today. */
export function formRules(policy: LibraryPolicy, { fields }: Procedure, judging: Judging): FormRules {
  const { names, logins } = policy.registration;
  const { now, birthDate = null, passwordKept = false, untold = [] } = judging;
  const asked = fields.filter(({ code }) => !untold.includes(code));
  return {
    fields: [
      ...untold.map((code) => ({ code, required: true })),
      ...asked.map((field) =>
        field.code === 'password' && passwordKept ? { ...field, required: false } : field,
      ),
    ],
    names,
    logins,
    passwords: policy.passwords,
    today: civilDay(policy, Temporal.Instant.fromEpochMilliseconds(now)).toString(),
    birthDate,
  };
}

function problemOf(problems: readonly FieldProblem[]) {
  const errors = problems.map(({ field, code, ...values }) => {
    const pointer = `/fields/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return { in: 'body', pointer, code, values } as const;
  });
  return refusal(problems, { errors });
}

/** A form as it will be kept. Throws a problem with everything that is wrong with it, field by field (A3). */
export function takeForm(rules: FormRules, written: Written): Form {
  const { form, problems } = judgeForm(rules, written);
  if (problems.length > 0) throw problemOf(problems);
  return form;
}

/** Who an identity provider says the applicant is. */
export interface Verified {
  readonly provider: string;
  readonly subject: string;
  /** The address is the provider's. */
  readonly emailTrusted: boolean;
}

export interface Submission {
  readonly applicationId: string;
  readonly version: number;
  readonly library: string;
  readonly procedure: string;
  readonly patronId: string | null;
  readonly language: Language;
  readonly form: Form;
  /** None: there is none, or it is that of the version before. */
  readonly passwordHash: string | null;
  readonly answer?: string | null;
  readonly verified?: Verified | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

const ownColumns: readonly string[] = ['name', 'birthDate', 'email', 'phone', 'login', 'password'];

/**
 * Keeps a version of what an applicant submitted, before the process hears of it; never the password itself. The same version again takes the place of one that
 * nothing has come of yet.
 */
export async function keepForm(tx: Tx, given: Submission): Promise<void> {
  const { form, verified } = given;
  const details = Object.fromEntries(Object.entries(form).filter(([code]) => !ownColumns.includes(code)));
  const names = `{${nameKeys(form.name ?? '')
    .map((key) => JSON.stringify(key))
    .join(',')}}`;
  const columns: Readonly<Record<string, unknown>> = {
    application_id: given.applicationId,
    version: given.version,
    library: given.library,
    procedure: given.procedure,
    patron_id: given.patronId,
    language: given.language,
    name: form.name ?? '',
    birth_date: form.birthDate ?? null,
    email: form.email ?? '',
    phone: form.phone ?? null,
    login: form.login ?? null,
    password_hash: given.passwordHash,
    details: JSON.stringify(details),
    answer: given.answer ?? null,
    identity_provider: verified?.provider ?? null,
    identity_subject: verified?.subject ?? null,
    email_trusted: verified?.emailTrusted ?? false,
    name_keys: names,
    email_key: emailKey(form.email ?? null),
    phone_key: phoneKey(form.phone ?? null),
    submitted_at: new Date(given.now),
  };
  const keys = Object.keys(columns);
  await tx.execute(
    `insert into application_form as form (${keys.join(', ')}) values (${keys.map(() => '?').join(', ')})
     on conflict (application_id, version) do update set ${keys
       .slice(2)
       .map((key) => `${key} = excluded.${key}`)
       .join(', ')}
     where not exists (select from application where id = form.application_id and version >= form.version)`,
    Object.values(columns),
  );
}

/**
 * What a later version has from the one before: the password unless a new one was given, who vouches for the applicant, and that the address is trusted while it is
 * the same.
 */
export async function carryOver(tx: Tx, applicationId: string, version: number): Promise<void> {
  await tx.execute(
    `update application_form as next set password_hash = coalesce(next.password_hash, earlier.password_hash),
       identity_provider = earlier.identity_provider, identity_subject = earlier.identity_subject,
       email_trusted = earlier.email_trusted and earlier.email = next.email
     from application_form as earlier
     where next.application_id = ? and next.version = ? and earlier.application_id = next.application_id and earlier.version = next.version - 1`,
    [applicationId, version],
  );
}
