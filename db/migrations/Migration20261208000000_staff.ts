import { Migration } from '@mikro-orm/migrations';

/** Staff sign in with a second factor or through their institution, are managed by an administrator, and browsers may hold sessions in cookies (A13). */
export class Migration20261208000000Staff extends Migration {
  override up(): void {
    this.addSql(`
alter table staff_member
  add column email text,
  add column oidc_subject text,
  add column one_time_until timestamptz,
  add column password_changed_at timestamptz,
  alter column password_hash drop not null;
create unique index staff_member_login on staff_member (library, lower(login));
create unique index staff_member_oidc on staff_member (library, oidc_subject) where oidc_subject is not null;

create table staff_totp (
  id uuid primary key,
  staff_id uuid not null references staff_member,
  secret text not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint,
  check (last_step is not null or confirmed_at is null)
);
create unique index staff_totp_confirmed on staff_totp (staff_id) where confirmed_at is not null;
create unique index staff_totp_pending on staff_totp (staff_id) where confirmed_at is null;

create table staff_recovery_code (
  staff_id uuid not null references staff_member,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (staff_id, code_hash)
);

create table sign_in_challenge (
  token_hash bytea primary key,
  staff_id uuid not null references staff_member,
  scope text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index sign_in_challenge_of on sign_in_challenge (staff_id);

create table staff_change (
  id uuid primary key,
  library text not null references library,
  staff_id uuid not null references staff_member,
  kind text not null,
  actor text not null,
  at timestamptz not null,
  before jsonb not null default '{}',
  after jsonb not null default '{}'
);
create index staff_change_of on staff_change (staff_id, at);
create trigger staff_change_append_only before update or delete on staff_change for each row execute function refuse_change();

alter table session
  add column transport text not null default 'bearer' check (transport in ('bearer', 'cookie')),
  drop constraint session_scope_check,
  add constraint session_scope_check check (scope in ('full', 'new-password', 'second-factor'));
    `);
  }
}
