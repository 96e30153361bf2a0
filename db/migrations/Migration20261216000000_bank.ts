import { Migration } from '@mikro-orm/migrations';

/**
 * Statements of the library's bank accounts (P9). A file is kept as it was given; what it says becomes statements and entries in one transaction, or nothing
 * does. An entry stands under a key made of what it says, unique in its account for ever, so that files that overlap book nothing twice; which statements tell
 * of it stands in `bank_statement_entry`. What becomes of an entry is its state and its journal; what it says never changes.
 */
export class Migration20261216000000Bank extends Migration {
  override up(): void {
    this.addSql(`
create table bank_account (
  library text not null references library,
  code text not null,
  currency text not null,
  created_at timestamptz not null,
  primary key (library, code)
);

create table statement_file (
  id uuid primary key,
  library text not null references library,
  name text not null,
  format text not null check (format in ('camt', 'mt940', 'csv')),
  account text,
  hash text not null,
  size int not null check (size > 0),
  content bytea,
  actor text not null,
  state text not null check (state in ('stored', 'imported', 'rejected')),
  result jsonb not null default '{}',
  received_at timestamptz not null,
  settled_at timestamptz,
  ended_at timestamptz,
  check ((state = 'stored') = (settled_at is null)),
  check (ended_at is null or state <> 'stored')
);
create unique index statement_file_once on statement_file (library, hash) where state <> 'rejected';
create index statement_file_of_library on statement_file (library, received_at desc);
create index statement_file_under_way on statement_file (received_at) where ended_at is null;

create view statement as select id, library, null::uuid as patron_id, state, received_at, ended_at from statement_file;

create table bank_statement (
  id uuid primary key,
  library text not null,
  account text not null,
  file_id uuid not null references statement_file,
  position int not null,
  identity text not null,
  bank_id text,
  sequence bigint,
  page int,
  format text not null,
  from_on date not null,
  to_on date not null,
  opening bigint,
  closing bigint,
  currency text not null,
  joins text not null check (joins in ('first', 'joined', 'gap', 'unknown')),
  skipped int not null default 0,
  imported_at timestamptz not null,
  foreign key (library, account) references bank_account (library, code),
  unique (library, account, identity),
  check ((opening is null) = (closing is null)),
  check (from_on <= to_on)
);
create index bank_statement_order on bank_statement (library, account, to_on, sequence, page);
create index bank_statement_file on bank_statement (file_id);

create table bank_entry (
  id uuid primary key,
  library text not null,
  account text not null,
  statement_id uuid not null references bank_statement,
  key text not null,
  booked_on date not null,
  value_on date,
  amount bigint not null check (amount <> 0),
  currency text not null,
  charges bigint not null default 0 check (charges >= 0),
  end_to_end text,
  reference text,
  remittance text not null default '',
  payer_name text,
  payer_account text,
  bank_ref text,
  code text,
  kind text not null check (kind in ('booking', 'reversal', 'return')),
  return_reason text,
  batch text,
  part int,
  parts int,
  state text not null default 'new' check (state in ('new', 'matched', 'suspended', 'returned', 'ignored')),
  journal_id uuid references journal,
  foreign key (library, account) references bank_account (library, code),
  unique (library, account, key),
  check ((part is null) = (parts is null))
);
create index bank_entry_list on bank_entry (library, account, booked_on desc, id desc);
create index bank_entry_open on bank_entry (library, account, id) where state in ('new', 'suspended');
create index bank_entry_journal on bank_entry (journal_id) where journal_id is not null;
create index bank_entry_statement on bank_entry (statement_id);

create table bank_statement_entry (
  statement_id uuid not null references bank_statement,
  entry_id uuid not null references bank_entry,
  position int not null,
  primary key (statement_id, position)
);
create index bank_statement_entry_entry on bank_statement_entry (entry_id);
    `);
  }
}
