import type { MikroORM } from '@mikro-orm/postgresql';
import {
  emailKey,
  likeness,
  type Likeness,
  nameKeys,
  type Person,
  phoneKey,
} from '../../domain/person-keys.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A reader who is likely the applicant, and why. */
export interface LikelyReader extends Person {
  readonly patronId: string;
  readonly card: string;
  readonly userGroup: string;
  readonly expiresOn: string | null;
  readonly closed: boolean;
  readonly because: readonly Likeness[];
}

/** Another open application that is likely the same person's, and why. */
export interface LikelyApplication extends Person {
  readonly applicationId: string;
  readonly procedure: string;
  readonly state: string;
  readonly submittedAt: number;
  readonly because: readonly Likeness[];
}

/**
 * Candidates by what an index finds: the birth date, the mailbox as it stands and without its tag, the end of the telephone number, the login. Which of them are
 * likely the same person the rules decide.
 */
const readers: Statement = {
  name: 'likely-readers',
  text: `select id as "patronId", card, name, birth_date::text as "birthDate", email, phone, login, user_group as "userGroup",
      expires_on::text as "expiresOn", closed_at is not null as closed
    from patron
    where library = $1 and erased_at is null and id is distinct from $2::uuid
      and (birth_date = $3::date or lower(email) = any($4::text[])
        or right(regexp_replace(phone, '\\D', '', 'g'), 7) = $5 or lower(login) = lower($6) or card = $6)
    order by created_at limit 200`,
};

const applications: Statement = {
  name: 'likely-applications',
  text: `select application.id as "applicationId", application.procedure, application.state, ${epochMs('application.submitted_at')} as "submittedAt",
      form.name, form.birth_date::text as "birthDate", form.email, form.phone, form.login
    from application_form form join application on application.id = form.application_id and application.version = form.version
    where form.library = $1 and application.id <> $2 and application.ended_at is null
      and (form.name_keys && $3::text[] or form.email_key = $4 or form.phone_key = $5 or lower(form.login) = lower($6))
    order by application.submitted_at limit 200`,
};

/** Whom duplicates are looked for; `patronId`: the account the application is for, which is no duplicate of itself. */
export interface Applicant extends Person {
  readonly library: string;
  readonly applicationId: string;
  readonly patronId: string | null;
}

const asLogin = (row: Person & { readonly card?: string }, login: string | null | undefined): Person =>
  row.card !== undefined && row.card === login ? { ...row, login: row.card } : row;

/** Readers who are likely the applicant (A4), those with the most reasons first. */
export async function likelyReaders(orm: MikroORM, applicant: Applicant): Promise<LikelyReader[]> {
  const { library, patronId, birthDate, email, phone, login } = applicant;
  const boxes = [email?.toLowerCase(), emailKey(email)].filter((each) => each != null);
  const values = [library, patronId, birthDate, boxes, phoneKey(phone), login];
  const found = await rowsOf<Omit<LikelyReader, 'because'>>(orm, readers, values);
  return found
    .map((row) => ({ ...row, because: likeness(applicant, asLogin(row, login)) }))
    .filter(({ because }) => because.length > 0)
    .toSorted((a, b) => b.because.length - a.because.length);
}

/** Other open applications that are likely the same person's. */
export async function likelyApplications(orm: MikroORM, applicant: Applicant): Promise<LikelyApplication[]> {
  const { library, applicationId, name, email, phone, login } = applicant;
  const values = [library, applicationId, nameKeys(name), emailKey(email), phoneKey(phone), login];
  const found = await rowsOf<Omit<LikelyApplication, 'because'>>(orm, applications, values);
  return found
    .map((row) => ({ ...row, because: likeness(applicant, row) }))
    .filter(({ because }) => because.length > 0)
    .toSorted((a, b) => b.because.length - a.because.length);
}
