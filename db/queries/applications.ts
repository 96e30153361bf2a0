import type { MikroORM } from '@mikro-orm/postgresql';
import type { Language } from '../../domain/languages.ts';
import type { ApplicationState } from '../../domain/registration.ts';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** One version of what an applicant submitted, without the password. Instants are epoch milliseconds, `birthDate` is `YYYY-MM-DD`. */
export interface FormRow {
  readonly version: number;
  readonly name: string;
  readonly birthDate: string | null;
  readonly email: string;
  readonly phone: string | null;
  readonly login: string | null;
  readonly details: Readonly<Record<string, string>>;
  readonly answer: string | null;
  readonly identityProvider: string | null;
  readonly hasPassword: boolean;
  readonly submittedAt: number;
}

/** An application as it stands, with what staff wrote last. Instants are epoch milliseconds. */
export interface ApplicationRow {
  readonly id: string;
  readonly library: string;
  readonly procedure: string;
  readonly state: ApplicationState;
  readonly version: number;
  readonly confirmedVersion: number | null;
  readonly language: Language;
  readonly patronId: string | null;
  /** Of the account it is for, or that came of it. */
  readonly card: string | null;
  readonly submittedAt: number;
  readonly reviewDueAt: number | null;
  readonly lapsesAt: number | null;
  readonly remark: string | null;
  readonly decidedBy: Actor | null;
  readonly deciderName: string | null;
  readonly decidedAt: number | null;
  readonly endedAt: number | null;
  /** Null once it has been deleted. */
  readonly name: string | null;
}

export const applicationColumns = `
  application.id, application.library, application.procedure, application.state, application.version,
  application.confirmed_version as "confirmedVersion", application.language, application.patron_id as "patronId", patron.card,
  ${epochMs('application.submitted_at')} as "submittedAt", ${epochMs('application.review_due_at')} as "reviewDueAt",
  ${epochMs('application.lapses_at')} as "lapsesAt", remark.text as remark, application.decided_by as "decidedBy",
  staff_member.name as "deciderName", ${epochMs('application.decided_at')} as "decidedAt", ${epochMs('application.ended_at')} as "endedAt",
  form.name`;

export const applicationTables = `
  application
  left join application_form form on form.application_id = application.id and form.version = application.version
  left join patron on patron.id = application.patron_id
  left join remark on remark.id = application.remark_id
  left join staff_member on application.decided_by = 'staff:' || staff_member.id`;

const one: Statement = {
  name: 'application',
  text: `select ${applicationColumns} from ${applicationTables} where application.id = $1`,
};

/** An application, whoever's it is: the caller has its secret, or checks whose it is. */
export async function applicationById(orm: MikroORM, id: string): Promise<ApplicationRow | undefined> {
  return (await rowsOf<ApplicationRow>(orm, one, [id]))[0];
}

const ofPatron: Statement = {
  name: 'applications-of-patron',
  text: `select ${applicationColumns} from ${applicationTables} where application.patron_id = $1
    order by application.submitted_at desc, application.id desc limit 100`,
};

/** A reader's own applications for further services, and the one their account came of; the latest first. */
export function applicationsOf(orm: MikroORM, patronId: string): Promise<ApplicationRow[]> {
  return rowsOf(orm, ofPatron, [patronId]);
}

const forms: Statement = {
  name: 'application-forms',
  text: `select version, name, birth_date::text as "birthDate", email, phone, login, details, answer, identity_provider as "identityProvider",
      password_hash is not null as "hasPassword", ${epochMs('submitted_at')} as "submittedAt"
    from application_form where application_id = $1 and version <= $2 order by version`,
};

/** What was submitted, from the first version to that one; none once it has been deleted. */
export function formsOf(orm: MikroORM, applicationId: string, upTo: number): Promise<FormRow[]> {
  return rowsOf(orm, forms, [applicationId, upTo]);
}

/** A line of the reviewers' list. */
export interface ReviewRow extends ApplicationRow {
  readonly at: number;
  readonly email: string | null;
}

export interface ReviewSearch {
  readonly library: string;
  /** Codes of the procedures the caller reviews. */
  readonly procedures: readonly string[];
  readonly states: readonly ApplicationState[];
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

const review: Statement = {
  name: 'applications-to-review',
  text: `select ${applicationColumns}, form.email, ${epochMs('application.submitted_at')} as at
    from ${applicationTables}
    where application.library = $1 and application.procedure = any($2::text[]) and application.state = any($3::text[])
      and ($4::timestamptz is null or (application.submitted_at, application.id) > ($4, $5::uuid))
    order by application.submitted_at, application.id limit $6`,
};

/** Applications in these states, the oldest first; one more than asked for tells that there is a next page. */
export function applicationsIn(orm: MikroORM, search: ReviewSearch): Promise<ReviewRow[]> {
  const { library, procedures, states, after, limit } = search;
  return rowsOf(orm, review, [library, procedures, states, after?.at, after?.id, limit + 1]);
}
