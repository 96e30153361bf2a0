import { Migration } from '@mikro-orm/migrations';

/**
 * Accounts with approval (A1–A6). `application_form` is what an applicant submitted, one row a version, written by the API before the process hears of it, with a password
 * as its hash only; `application` is what became of it, written by activities only. Lapsed, withdrawn and refused applications lose their forms and keep `erased_at`.
 * `card_series` counts the card numbers a library issues.
 */
export class Migration20261201000000Registration extends Migration {
  override up(): void {
    this.addSql(`
alter table patron
  add column login text,
  add column permissions text[] not null default '{}',
  add column details jsonb not null default '{}';
create unique index patron_login on patron (library, lower(login)) where login is not null;

create table card_series (
  library text not null references library,
  prefix text not null,
  last bigint not null,
  primary key (library, prefix)
);

create table application (
  id uuid primary key,
  library text not null references library,
  procedure text not null,
  state text not null check (state in ('confirming', 'reviewing', 'questioned', 'correcting',
    'approved', 'rejected', 'lapsed', 'withdrawn', 'merged')),
  version integer not null check (version >= 1),
  confirmed_version integer,
  language text not null check (language in ('ja', 'zh', 'de', 'en')),
  patron_id uuid references patron,
  submitted_at timestamptz not null,
  review_since timestamptz,
  review_due_at timestamptz,
  escalated_on date,
  lapses_at timestamptz,
  remark_id uuid references remark,
  decided_by text,
  decided_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  erase_at timestamptz,
  erased_at timestamptz,
  check ((ended_at is not null) = (state in ('approved', 'rejected', 'lapsed', 'withdrawn', 'merged'))),
  check ((review_due_at is not null) = (state = 'reviewing') and (review_since is not null) = (state = 'reviewing')),
  check ((lapses_at is not null) = (state in ('confirming', 'questioned', 'correcting'))),
  check ((erase_at is not null) = (state in ('rejected', 'lapsed', 'withdrawn'))),
  check (state not in ('approved', 'merged') or patron_id is not null),
  check (erased_at is null or erase_at is not null)
);
create index application_open on application (library, state, submitted_at) where ended_at is null;
create index application_of_patron on application (patron_id) where patron_id is not null;
create unique index application_once_open on application (patron_id, procedure) where ended_at is null and patron_id is not null;
create index application_to_erase on application (id) where erase_at is not null and erased_at is null;

create table application_form (
  application_id uuid not null,
  version integer not null check (version >= 1),
  library text not null references library,
  procedure text not null,
  patron_id uuid references patron,
  language text not null check (language in ('ja', 'zh', 'de', 'en')),
  name text not null,
  birth_date date,
  email text not null,
  phone text,
  login text,
  password_hash text,
  details jsonb not null default '{}',
  answer text,
  identity_provider text,
  identity_subject text,
  email_trusted boolean not null default false,
  name_keys text[] not null default '{}',
  email_key text,
  phone_key text,
  submitted_at timestamptz not null,
  primary key (application_id, version),
  check ((identity_provider is null) = (identity_subject is null))
);
create index application_form_names on application_form using gin (name_keys);
create index application_form_email on application_form (library, email_key);
create index application_form_phone on application_form (library, phone_key);
create index application_form_age on application_form (submitted_at);
    `);
  }
}
