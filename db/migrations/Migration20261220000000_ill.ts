import { Migration } from '@mikro-orm/migrations';

/** Interlibrary loan: requests to others, their suppliers one by one, others' requests to us, and the messages between (I1–I18). */
export class Migration20261220000000Ill extends Migration {
  override up(): void {
    this.addSql(`
create sequence ill_number_seq;

create table ill_form (
  id uuid primary key,
  request_id uuid not null,
  version int not null check (version > 0),
  library text not null references library,
  patron_id uuid references patron,
  service text not null check (service in ('copy', 'loan')),
  literature text not null,
  content jsonb not null,
  delivery text not null check (delivery in ('electronic', 'post', 'pickup')),
  place text,
  address text,
  beneficiary text,
  beneficiary_email text,
  "limit" bigint check ("limit" >= 0),
  copyright text,
  overridden text[] not null default '{}',
  actor text not null,
  submitted_at timestamptz not null,
  unique (request_id, version)
);
create index ill_form_patron on ill_form (patron_id) where patron_id is not null;

create table ill_request (
  id uuid primary key,
  library text not null references library,
  number text not null,
  patron_id uuid references patron,
  mode text not null check (mode in ('email', 'distributed', 'centre')),
  service text not null check (service in ('copy', 'loan')),
  literature text not null,
  title text not null,
  form_id uuid not null references ill_form,
  delivery text not null check (delivery in ('electronic', 'post', 'pickup')),
  place text,
  state text not null check (state in ('reviewing', 'choosing', 'requested', 'promised', 'asked', 'shipped', 'received', 'held', 'available',
    'lent', 'returning', 'completed', 'unfilled', 'rejected', 'cancelled', 'lost')),
  reason text,
  attempt_id uuid,
  on_behalf_of uuid,
  price_minor bigint,
  cost_minor bigint,
  currency char(3),
  due_at timestamptz,
  late_at timestamptz,
  look_at timestamptz,
  cancel_wanted_at timestamptz,
  renewal_wanted_at timestamptz,
  item_id uuid references item,
  actor text not null,
  submitted_at timestamptz not null,
  shipped_at timestamptz,
  received_at timestamptz,
  ended_at timestamptz,
  unique (library, number),
  check ((ended_at is not null) = (state in ('completed', 'unfilled', 'rejected', 'cancelled', 'lost')))
);
create index ill_request_patron on ill_request (patron_id, submitted_at desc) where patron_id is not null;
create index ill_request_open on ill_request (library, state) where ended_at is null;
create index ill_request_submitted on ill_request (library, submitted_at desc);
create unique index ill_request_behalf on ill_request (on_behalf_of) where on_behalf_of is not null and ended_at is null;
create unique index ill_request_item on ill_request (item_id) where item_id is not null;

create table ill_attempt (
  id uuid primary key,
  request_id uuid not null references ill_request,
  library text not null references library,
  position int not null check (position > 0),
  peer text not null,
  our_ref text not null,
  their_ref text,
  retry_of uuid references ill_attempt,
  status text,
  status_at timestamptz,
  outcome text not null default 'open' check (outcome in ('open', 'unfilled', 'retry', 'cancelled', 'no-answer', 'not-sent', 'refused', 'completed', 'lost')),
  reason text,
  note text,
  offer jsonb,
  expected_minor bigint,
  cost_minor bigint,
  currency char(3),
  sent_at timestamptz not null,
  answer_by timestamptz,
  due_at timestamptz,
  ended_at timestamptz,
  unique (request_id, position),
  unique (library, our_ref),
  check ((ended_at is null) = (outcome = 'open'))
);
create unique index ill_attempt_open on ill_attempt (request_id) where outcome = 'open';
alter table ill_request add foreign key (attempt_id) references ill_attempt deferrable initially deferred;

create table supply_request (
  id uuid primary key,
  library text not null references library,
  number text not null,
  peer text not null,
  their_ref text not null,
  previous_ref text,
  service text not null check (service in ('copy', 'loan')),
  literature text not null,
  title text not null,
  content jsonb not null,
  delivery jsonb not null,
  note text,
  status text not null,
  reason text,
  limit_minor bigint,
  cost_minor bigint,
  currency char(3),
  item_id uuid references item,
  item_note text,
  waits_for text check (waits_for in ('answer', 'cancel', 'renew', 'return')),
  due_at timestamptz,
  answer_by timestamptz,
  look_at timestamptz,
  needed_by timestamptz,
  received_at timestamptz not null,
  shipped_at timestamptz,
  returned_at timestamptz,
  ended_at timestamptz,
  unique (library, number),
  unique (library, peer, their_ref)
);
create index supply_request_open on supply_request (library, status) where ended_at is null;
alter table ill_request add foreign key (on_behalf_of) references supply_request;

create sequence ill_message_seq;
create table ill_message (
  id uuid primary key,
  seq bigint not null default nextval('ill_message_seq'),
  library text not null references library,
  peer text not null,
  direction text not null check (direction in ('in', 'out')),
  about text check (about in ('attempt', 'supply')),
  about_id uuid,
  name text not null check (name in ('request', 'supplyingAgencyMessage', 'requestingAgencyMessage')),
  says text not null,
  request_ref text not null,
  said_at timestamptz not null,
  hash text not null,
  body jsonb not null,
  xml text,
  state text not null check (state in ('stored', 'heeded', 'outdated', 'refused', 'queued', 'sent', 'given-up')),
  confirmation text,
  error text,
  attempts int not null default 0,
  stored_at timestamptz not null,
  settled_at timestamptz,
  check (state in ('stored', 'heeded', 'outdated', 'refused') and direction = 'in'
    or state in ('queued', 'sent', 'refused', 'given-up') and direction = 'out')
);
create unique index ill_message_once on ill_message (library, peer, name, request_ref, said_at, hash) where direction = 'in';
create index ill_message_queue on ill_message (library, peer, seq) where state = 'queued';
create index ill_message_waiting on ill_message (about_id, seq) where state = 'stored';
create index ill_message_about on ill_message (about_id, seq);

create table ill_peer (
  id uuid primary key,
  library text not null references library,
  code text not null,
  failing_since timestamptz,
  failures int not null default 0,
  last_error text,
  next_try_at timestamptz,
  sent_at timestamptz,
  heard_at timestamptz,
  paused_at timestamptz,
  unique (library, code)
);

create view supply as
  select id, library, null::uuid as patron_id, status as state, received_at, look_at, ended_at from supply_request;

create view peer as
  select id, library, null::uuid as patron_id, case when failing_since is null then 'working' else 'failing' end as state, next_try_at,
    (select min(stored_at) from ill_message message
      where message.library = ill_peer.library and message.peer = ill_peer.code and message.state = 'queued') as queued_since
  from ill_peer;

create table ill_document (
  id uuid primary key,
  library text not null references library,
  about text not null check (about in ('request', 'supply')),
  about_id uuid not null,
  name text not null,
  media_type text not null,
  size int not null check (size > 0),
  hash text not null,
  content bytea,
  actor text not null,
  stored_at timestamptz not null,
  released_at timestamptz,
  expires_at timestamptz,
  downloads int not null default 0 check (downloads >= 0),
  issue int not null default 1 check (issue > 0),
  withdrawn_at timestamptz
);
create index ill_document_about on ill_document (about_id);
    `);
  }
}
