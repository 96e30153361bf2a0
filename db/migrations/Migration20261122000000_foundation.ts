import { Migration } from '@mikro-orm/migrations';

/**
 * The first schema. Instants are `timestamptz`, civil dates `date`, money `bigint` minor units with an ISO 4217 code. Rules that must hold whatever
 * code runs are constraints here: one open loan an item, one hold an item, one open hold a reader and title, journals that sum to zero,
 * append-only books.
 */
export class Migration20261122000000Foundation extends Migration {
  override up(): void {
    this.addSql(`
create table library (
  code text primary key,
  created_at timestamptz not null
);

create table patron (
  id uuid primary key,
  library text not null references library,
  card text not null,
  name text not null,
  birth_date date,
  email text,
  email_state text not null default 'none' check (email_state in ('none', 'unconfirmed', 'confirmed', 'failing')),
  phone text,
  language text not null check (language in ('ja', 'zh', 'de', 'en')),
  user_group text not null,
  paid_until date,
  expires_on date,
  closed_at timestamptz,
  created_at timestamptz not null,
  unique (library, card),
  check ((email is null) = (email_state = 'none'))
);

create table remark (
  id uuid primary key,
  library text not null references library,
  author uuid not null,
  text text not null,
  created_at timestamptz not null
);

create table block (
  id uuid primary key,
  patron_id uuid not null references patron,
  reason text not null,
  remark_id uuid references remark,
  placed_by text not null,
  placed_at timestamptz not null,
  lifted_by text,
  lifted_at timestamptz
);
create index block_active on block (patron_id) where lifted_at is null;

create table credential (
  patron_id uuid primary key references patron,
  password_hash text not null,
  one_time_until timestamptz,
  changed_at timestamptz not null
);

create table password_link (
  id uuid primary key,
  patron_id uuid not null references patron,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table staff_member (
  id uuid primary key,
  library text not null references library,
  login text not null,
  name text not null,
  roles text[] not null,
  password_hash text not null,
  active boolean not null default true,
  created_at timestamptz not null,
  unique (library, login)
);

create table session (
  token_hash bytea primary key,
  holder_kind text not null check (holder_kind in ('patron', 'staff')),
  holder_id uuid not null,
  library text not null references library,
  scope text not null check (scope in ('full', 'new-password')),
  address text not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_holder on session (holder_id) where revoked_at is null;

create table sign_in_throttle (
  key text primary key,
  failures integer not null,
  strikes integer not null default 0,
  window_started_at timestamptz not null,
  locked_until timestamptz
);

create table known_address (
  holder_id uuid not null,
  address text not null,
  last_used_at timestamptz not null,
  primary key (holder_id, address)
);

create table title (
  id uuid primary key,
  library text not null references library,
  control_number text not null,
  kind text not null check (kind in ('book', 'magazine', 'audiovisual')),
  title text not null,
  title_romanised text,
  sort_key text collate "C" not null default '',
  author text,
  publisher text,
  published text,
  language text,
  isbns text[] not null default '{}',
  issns text[] not null default '{}',
  search_text text not null,
  created_at timestamptz not null,
  unique (library, control_number)
);
create index title_standard_numbers on title using gin ((isbns || issns));
create index title_order on title (library, sort_key, id);

-- Pairs of neighbouring characters of each word, and each CJK character by itself: what a substring search of any length can look up. Trigrams know no
-- CJK under a C locale, and no word of two characters under any.
create function search_grams(txt text) returns text[] language plpgsql immutable strict parallel safe as $$
declare
  letter text[] := string_to_array(txt, null);
  grams text[] := '{}';
begin
  for at in 1 .. cardinality(letter) loop
    if letter[at] = ' ' then continue; end if;
    if letter[at] >= '⺀' collate "C" then grams := grams || letter[at]; end if;
    if at < cardinality(letter) and letter[at + 1] <> ' ' then grams := grams || (letter[at] || letter[at + 1]); end if;
  end loop;
  return grams;
end $$;
create index title_search on title using gin (search_grams(search_text));

create table item (
  id uuid primary key,
  library text not null references library,
  title_id uuid not null references title,
  barcode text not null,
  branch text not null,
  shelf_mark text,
  issue text,
  issued_on date,
  for_loan boolean not null default true,
  state text not null default 'available'
    check (state in ('available', 'on-loan', 'hold-shelf', 'put-away', 'in-transit', 'missing', 'lost', 'withdrawn')),
  state_since timestamptz not null,
  at_branch text not null,
  transit_to text,
  hold_id uuid,
  created_at timestamptz not null,
  unique (library, barcode),
  check (state <> 'hold-shelf' or hold_id is not null),
  check (hold_id is null or state in ('hold-shelf', 'in-transit')),
  check ((state = 'in-transit') = (transit_to is not null))
);
create index item_title on item (title_id);
create index item_to_put_away on item (library, at_branch) where state = 'put-away';
create index item_in_transit on item (library, transit_to) where state = 'in-transit';

create table hold (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  title_id uuid not null references title,
  requested_item_id uuid references item,
  kind text not null check (kind in ('book', 'magazine', 'audiovisual')),
  state text not null check (state in ('waiting', 'in-transit', 'secured', 'collected', 'lapsed', 'cancelled')),
  queue_no bigint generated always as identity,
  pickup_place text not null,
  contact text not null check (contact in ('mail', 'phone', 'none')),
  channel text not null check (channel in ('web', 'desk')),
  placed_by text not null,
  placed_at timestamptz not null,
  item_id uuid references item,
  secured_at timestamptz,
  contacted_at timestamptz,
  keep_until timestamptz,
  ended_at timestamptz,
  end_reason text,
  check ((ended_at is not null) = (state in ('collected', 'lapsed', 'cancelled'))),
  check (state not in ('in-transit', 'secured') or item_id is not null),
  check (state <> 'waiting' or item_id is null),
  check (state <> 'secured' or secured_at is not null),
  check ((contacted_at is null) = (keep_until is null))
);
create unique index hold_once_open on hold (patron_id, title_id, coalesce(requested_item_id, '00000000-0000-0000-0000-000000000000'))
  where state in ('waiting', 'in-transit', 'secured');
create unique index hold_item on hold (item_id) where state in ('in-transit', 'secured');
create index hold_queue on hold (title_id, queue_no) where state in ('waiting', 'in-transit');
create index hold_of_patron on hold (patron_id, placed_at desc);
create index hold_secured on hold (library, keep_until) where state = 'secured';
create index hold_ended on hold (library, ended_at) where ended_at is not null;
alter table item add constraint item_hold_fk foreign key (hold_id) references hold deferrable initially deferred;

create table loan (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  title_id uuid not null references title,
  item_id uuid not null references item,
  hold_id uuid references hold,
  kind text not null check (kind in ('book', 'magazine', 'audiovisual')),
  branch text not null,
  checked_out_at timestamptz not null,
  checked_out_by text not null,
  due_at timestamptz not null,
  renewals integer not null default 0,
  renewed_at timestamptz,
  ended_at timestamptz,
  end_reason text check (end_reason in ('returned', 'lost')),
  end_branch text,
  check ((ended_at is null) = (end_reason is null))
);
create unique index loan_open_item on loan (item_id) where ended_at is null;
create index loan_of_patron on loan (patron_id, checked_out_at desc);
create index loan_open_patron on loan (patron_id) where ended_at is null;
create index loan_due on loan (library, due_at) where ended_at is null;

create table notice (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  kind text not null,
  subject_type text not null,
  subject_id uuid not null,
  cause text not null,
  channel text not null check (channel in ('mail', 'message')),
  state text not null check (state in ('queued', 'sent', 'shown', 'failed', 'withdrawn')),
  language text not null,
  recipient text,
  subject text,
  body_text text,
  body_html text,
  content jsonb not null,
  attempts integer not null default 0,
  failures integer not null default 0,
  last_error text,
  created_at timestamptz not null,
  settled_at timestamptz,
  unique (kind, subject_id, cause)
);
create index notice_queued on notice (subject_id) where state = 'queued';
create index notice_of_patron on notice (patron_id, created_at desc);

create table task (
  id uuid primary key,
  library text not null references library,
  kind text not null,
  subject_type text not null,
  subject_id uuid not null,
  patron_id uuid references patron,
  branch text,
  workflow_id text not null,
  due_at timestamptz not null,
  created_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  outcome text,
  remark_id uuid references remark,
  check ((resolved_at is null) = (outcome is null))
);
create unique index task_once_open on task (kind, subject_id) where resolved_at is null;
create index task_open on task (library, due_at) where resolved_at is null;

create table closure (
  id uuid primary key,
  library text not null references library,
  place text,
  day date not null,
  opens time,
  closes time,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null,
  check ((opens is null) = (closes is null))
);
create unique index closure_once on closure (library, coalesce(place, ''), day);

create table cart_line (
  patron_id uuid not null references patron,
  title_id uuid not null references title,
  item_id uuid references item,
  added_at timestamptz not null,
  primary key (patron_id, title_id)
);

create table event (
  id uuid primary key,
  library text not null references library,
  subject_type text not null,
  subject_id uuid not null,
  patron_id uuid,
  kind text not null,
  actor text not null,
  at timestamptz not null,
  detail jsonb not null default '{}'
);
create index event_story on event (subject_id, at);
create index event_of_patron on event (patron_id, at) where patron_id is not null;

create table operation (
  key text primary key,
  result jsonb not null,
  at timestamptz not null
);
create index operation_age on operation (at);

create table request (
  key text primary key,
  fingerprint text not null,
  at timestamptz not null
);
create index request_age on request (at);

create table journal (
  id uuid primary key,
  library text not null references library,
  operation text not null unique,
  kind text not null,
  patron_id uuid references patron,
  reverses uuid unique references journal,
  at timestamptz not null,
  actor text not null
);

create table posting (
  id uuid primary key,
  journal_id uuid not null references journal,
  account text not null,
  amount bigint not null check (amount <> 0),
  currency char(3) not null
);
create index posting_journal on posting (journal_id);
create index posting_account on posting (account);

create table charge (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  journal_id uuid not null references journal,
  cause text not null,
  subject_type text not null,
  subject_id uuid not null,
  amount bigint not null check (amount > 0),
  remaining bigint not null check (remaining between 0 and amount),
  currency char(3) not null,
  raised_at timestamptz not null,
  unique (cause, subject_id)
);
create index charge_open on charge (patron_id) where remaining > 0;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger event_append_only before update or delete on event for each row execute function refuse_change();
create trigger journal_append_only before update or delete on journal for each row execute function refuse_change();
create trigger posting_append_only before update or delete on posting for each row execute function refuse_change();

create function journal_balances() returns trigger language plpgsql as $$
begin
  if exists (select from posting where journal_id = new.journal_id group by currency having sum(amount) <> 0) then
    raise exception 'journal % does not sum to zero', new.journal_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger posting_balances after insert on posting
  deferrable initially deferred for each row execute function journal_balances();
    `);
  }
}
