import { Migration } from '@mikro-orm/migrations';

/** Submitting requests to other libraries: what finds them again, links kept over a sign-in, accounts of one reader at several libraries (I1, I2, I11). */
export class Migration20261224000000Intake extends Migration {
  override up(): void {
    this.addSql(`
alter table ill_form
  add column work_keys text[] not null default '{}',
  add column search_text text not null default '';
create index ill_form_request on ill_form (request_id, version);
create index ill_form_keys on ill_form using gin (work_keys);
create index ill_form_grams on ill_form using gin (search_grams(search_text));
create index ill_request_form on ill_request (form_id);
create index ill_request_state on ill_request (library, state, submitted_at desc, id desc);
create index ill_request_late on ill_request (library, late_at) where ended_at is null;
create index ill_request_ended on ill_request (library, ended_at) where ended_at is not null;
create index ill_attempt_peer on ill_attempt (library, peer, sent_at desc);

create table ill_draft (
  id uuid primary key,
  library text references library,
  content jsonb not null,
  stored_at timestamptz not null,
  expires_at timestamptz not null
);
create index ill_draft_expiry on ill_draft (expires_at);

create table account_link (
  patron_id uuid not null references patron,
  other_id uuid not null references patron,
  linked_at timestamptz not null,
  primary key (patron_id, other_id),
  check (patron_id < other_id)
);
create index account_link_other on account_link (other_id);
    `);
  }
}
