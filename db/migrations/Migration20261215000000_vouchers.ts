import { Migration } from '@mikro-orm/migrations';

/**
 * Proof that a transfer was made (P4, P5): `voucher_file` is what was uploaded, re-encoded, written before the payment's process hears of it; `voucher` is what
 * staff look at and decide on, a file or a paper handed in at the desk. `payment_payer` is who the reader says will pay: found on the bank's statement, printed on
 * the transfer form.
 */
export class Migration20261215000000Vouchers extends Migration {
  override up(): void {
    this.addSql(`
alter table payment add column submitted_at timestamptz, add column reminded_at timestamptz;

create table payment_payer (
  payment_id uuid primary key references payment,
  library text not null references library,
  patron_id uuid not null references patron,
  name text,
  unit text,
  department_code text,
  project_code text,
  stated_at timestamptz not null
);
create index payment_payer_of_patron on payment_payer (patron_id);

create table voucher_file (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  payment_id uuid not null references payment,
  upload_hash text not null,
  content_hash text not null,
  media_type text not null check (media_type in ('image/jpeg', 'application/pdf')),
  size int not null check (size > 0),
  pages int not null check (pages > 0),
  content bytea not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  keep_until timestamptz not null,
  unique (payment_id, upload_hash)
);
create index voucher_file_of_patron on voucher_file (patron_id, uploaded_at desc);
create index voucher_file_alike on voucher_file (library, content_hash);
create index voucher_file_kept on voucher_file (keep_until);

create table voucher (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  payment_id uuid not null references payment,
  position int not null,
  given_as text not null check (given_as in ('file', 'paper')),
  state text not null check (state in ('waiting', 'accepted', 'refused')),
  given_by text not null,
  given_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  remark_id uuid references remark,
  unique (payment_id, position),
  check ((state = 'waiting') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null))
);
create index voucher_of_patron on voucher (patron_id);
    `);
  }
}
