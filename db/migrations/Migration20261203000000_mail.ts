import { Migration } from '@mikro-orm/migrations';

/**
 * Mail to people who have no card yet, confirmed addresses and mail that comes back (A11, N4). A reader's address is looked up when the mail is written;
 * only an applicant's or a member of staff's stands in the notice. `bounce` holds each report once, whatever was read twice: what came in is written by the
 * intake, what became of it by the command.
 */
export class Migration20261203000000Mail extends Migration {
  override up(): void {
    this.addSql(`
alter table notice
  alter column patron_id drop not null,
  add column audience text not null default 'patron' check (audience in ('patron', 'applicant', 'staff')),
  add column address text,
  add column addressee text,
  add constraint notice_audience check ((audience = 'patron') = (patron_id is not null) and (audience = 'patron') = (address is null));
create index notice_handed_over on notice (patron_id, settled_at desc) where state = 'sent';

alter table patron
  add column email_since timestamptz,
  add column email_reason text;

create table email_confirmation (
  id uuid primary key,
  library text not null references library,
  subject_type text not null check (subject_type in ('patron', 'application')),
  subject_id uuid not null,
  address text not null,
  purpose text not null check (purpose in ('set', 'again', 'application')),
  requested_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  dropped_at timestamptz,
  replaces text,
  check (used_at is null or dropped_at is null)
);
create index email_confirmation_of on email_confirmation (subject_id, created_at desc);
create index email_confirmation_age on email_confirmation (created_at);

create table bounce (
  id uuid primary key,
  library text not null references library,
  notice_id uuid not null references notice,
  message_key text not null unique,
  outcome text not null check (outcome in ('hard', 'soft', 'delayed')),
  status text,
  diagnostic text,
  format text not null,
  via text not null check (via in ('imap', 'lmtp')),
  received_at timestamptz not null,
  recorded_at timestamptz,
  effect text,
  check ((recorded_at is null) = (effect is null))
);
create index bounce_of_notice on bounce (notice_id);
create index bounce_unrecorded on bounce (received_at) where recorded_at is null;
    `);
  }
}
