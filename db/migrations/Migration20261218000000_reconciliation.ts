import { Migration } from '@mikro-orm/migrations';

/**
 * Closed months and the daily reconciliation (P9). A booking that falls into a closed month is moved to the first instant of the open one by the insert itself,
 * and keeps its own instant in `value_at`; a lock that bookings share and a closing has alone keeps the two from crossing. Differences have a row from the
 * day they are found until they are solved; a day's report names those it found. What gateways' settlement files say is kept line by line.
 */
export class Migration20261218000000Reconciliation extends Migration {
  override up(): void {
    this.addSql(`
alter table library add column closed_until timestamptz;
alter table journal add column value_at timestamptz;
create index journal_of_library on journal (library, at);

create table month_closing (
  id uuid primary key,
  library text not null references library,
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  ends_at timestamptz not null,
  closed_at timestamptz not null,
  closed_by text not null,
  acknowledged jsonb not null default '[]',
  journals bigint not null,
  debits bigint not null,
  reopened_at timestamptz,
  reopened_by text,
  remark_id uuid references remark,
  check ((reopened_at is null) = (reopened_by is null))
);
create unique index month_closed_once on month_closing (library, month) where reopened_at is null;

create function books_lock(library text) returns bigint language sql immutable parallel safe as
  $$ select hashtextextended('books:' || library, 0) $$;

create function journal_in_open_month() returns trigger language plpgsql as $$
declare open_from timestamptz;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('books:' || new.library, 0));
  select closed_until into open_from from library where code = new.library;
  if new.at < open_from then
    new.value_at := new.at;
    new.at := open_from;
  end if;
  return new;
end $$;
create trigger journal_in_open_month before insert on journal for each row execute function journal_in_open_month();

create function closing_alone() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(books_lock(new.code));
  return new;
end $$;
create trigger closing_alone before update of closed_until on library for each row execute function closing_alone();

create table reconciliation (
  id uuid primary key,
  library text not null references library,
  day date not null,
  ends_at timestamptz not null,
  first_run_at timestamptz not null,
  run_at timestamptz not null,
  actor text not null,
  accounts jsonb not null,
  unique (library, day)
);

create table difference (
  id uuid primary key,
  library text not null references library,
  key text not null,
  kind text not null,
  subject_type text not null,
  subject_id text not null,
  account text,
  expected bigint,
  found bigint,
  amount bigint not null,
  currency char(3) not null,
  detail jsonb not null default '{}',
  since timestamptz not null,
  role text not null,
  found_at timestamptz not null,
  solved_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  remark_id uuid references remark,
  unique (library, key),
  check ((acknowledged_at is null) = (acknowledged_by is null))
);
create index difference_open on difference (library, since) where solved_at is null;

create table reconciliation_line (
  reconciliation_id uuid not null references reconciliation,
  difference_id uuid not null references difference,
  expected bigint,
  found bigint,
  amount bigint not null,
  primary key (reconciliation_id, difference_id)
);
create index reconciliation_line_difference on reconciliation_line (difference_id);

create table settlement_file (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  hash text not null,
  content bytea not null,
  received_at timestamptz not null,
  received_by text not null,
  imported_at timestamptz,
  lines int,
  added int,
  unique (library, provider, hash)
);

create table settlement_line (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  key text not null,
  file_id uuid not null references settlement_file,
  kind text not null check (kind in ('payment', 'refund', 'dispute', 'fee', 'payout', 'other')),
  provider_ref text,
  payout text,
  gross bigint not null,
  fee bigint not null,
  net bigint not null,
  currency char(3) not null,
  occurred_at timestamptz not null,
  unique (library, provider, key),
  check (gross - fee = net)
);
create index settlement_line_ref on settlement_line (provider, provider_ref);

create table terminal_total (
  library text not null references library,
  branch text not null,
  day date not null,
  amount bigint not null,
  currency char(3) not null,
  entered_at timestamptz not null,
  entered_by text not null,
  primary key (library, branch, day)
);
    `);
  }
}
