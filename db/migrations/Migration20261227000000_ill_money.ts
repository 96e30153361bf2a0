import { Migration } from '@mikro-orm/migrations';

/** What libraries owe each other for what was shipped, and how it is settled (I15, I17). */
export class Migration20261227000000IllMoney extends Migration {
  override up(): void {
    this.addSql(`
alter table ill_request add column stated_minor bigint check (stated_minor >= 0);
create index charge_waits on charge (waits) where waits like 'ill:%';

create table ill_transaction (
  id uuid primary key,
  library text not null references library,
  peer text not null,
  side text not null check (side in ('requester', 'supplier')),
  about_id uuid not null,
  kind text not null check (kind in ('shipped', 'lost', 'taken-back', 'corrected')),
  reference text not null,
  number text not null,
  service text not null check (service in ('copy', 'loan')),
  terms text not null check (terms in ('account', 'free', 'reciprocal')),
  amount bigint not null,
  currency char(3) not null,
  journal_id uuid unique references journal,
  reverses uuid references ill_transaction,
  at timestamptz not null,
  check ((amount <> 0) = (journal_id is not null)),
  check (kind not in ('shipped', 'lost') or (side = 'supplier' and amount >= 0) or (side = 'requester' and amount <= 0)),
  check ((reverses is not null) = (kind in ('taken-back', 'corrected')))
);
create unique index ill_transaction_once on ill_transaction (library, about_id, kind) where kind in ('shipped', 'lost');
create unique index ill_transaction_taken_back on ill_transaction (reverses) where kind = 'taken-back';
create index ill_transaction_peer on ill_transaction (library, peer, at);
create trigger ill_transaction_append_only before update or delete on ill_transaction for each row execute function refuse_change();

create table ill_netting (
  id uuid primary key,
  currency char(3) not null,
  actor text not null,
  netted_at timestamptz not null
);

create table ill_netting_position (
  netting_id uuid not null references ill_netting,
  library text not null references library,
  amount bigint not null,
  journal_id uuid references journal,
  settled_at timestamptz,
  settled_by text check (settled_by in ('bank', 'finance', 'nothing')),
  entry_id uuid unique references bank_entry,
  primary key (netting_id, library),
  check ((settled_at is not null) = (settled_by is not null))
);

create table ill_settlement (
  id uuid primary key,
  library text not null references library,
  number text not null,
  peer text not null,
  currency char(3) not null,
  from_on date not null,
  to_on date not null,
  state text not null check (state in ('drawn', 'sent', 'disputed', 'confirmed', 'settled', 'withdrawn')),
  total bigint not null,
  actor text not null,
  drawn_at timestamptz not null,
  sent_at timestamptz,
  our_confirmed_at timestamptz,
  our_confirmed_by text,
  their_confirmed_at timestamptz,
  their_confirmed_by text,
  settled_at timestamptz,
  settled_by text check (settled_by in ('bank', 'finance', 'netting', 'nothing')),
  journal_id uuid references journal,
  entry_id uuid unique references bank_entry,
  netting_id uuid references ill_netting,
  ended_at timestamptz,
  unique (library, number),
  check (from_on <= to_on),
  check ((settled_at is not null) = (state = 'settled')),
  check ((settled_by is not null) = (state = 'settled')),
  check ((ended_at is not null) = (state in ('settled', 'withdrawn'))),
  check (state not in ('confirmed', 'settled') or (our_confirmed_at is not null and their_confirmed_at is not null))
);
create unique index ill_settlement_period on ill_settlement (library, peer, currency, to_on) where state <> 'withdrawn';

create table ill_settlement_line (
  id uuid primary key,
  settlement_id uuid not null references ill_settlement,
  transaction_id uuid not null references ill_transaction,
  amount bigint not null,
  state text not null check (state in ('counted', 'disputed', 'left-out')),
  disputed_by text check (disputed_by in ('us', 'them')),
  remark_id uuid references remark,
  disputed_at timestamptz
);
create unique index ill_settlement_line_once on ill_settlement_line (transaction_id) where state <> 'left-out';
create index ill_settlement_line_of on ill_settlement_line (settlement_id);

create table ill_settlement_theirs (
  settlement_id uuid not null references ill_settlement,
  position int not null,
  side text not null check (side in ('requester', 'supplier')),
  reference text not null,
  amount bigint not null,
  primary key (settlement_id, position)
);
    `);
  }
}
