import { Migration } from '@mikro-orm/migrations';

/**
 * Identities verified by a campus (A1): what was begun, what came of it for a short while, and which account an identity belongs to for good. One identity has one
 * account in a library, and an account one identity of a provider.
 */
export class Migration20261202000000Identity extends Migration {
  override up(): void {
    this.addSql(`
create table identity_verification (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  purpose text not null check (purpose in ('reader', 'staff')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  completed_at timestamptz
);
create index identity_verification_expired on identity_verification (expires_at);

create table verified_identity (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  subject text not null,
  number text,
  name text,
  email text,
  email_trusted boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  check (email is not null or not email_trusted)
);
create index verified_identity_expired on verified_identity (expires_at);

create table patron_identity (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  provider text not null,
  subject text not null,
  bound_at timestamptz not null,
  unique (library, provider, subject),
  unique (patron_id, provider)
);

create index patron_email on patron (library, lower(email)) where email is not null;
    `);
  }
}
