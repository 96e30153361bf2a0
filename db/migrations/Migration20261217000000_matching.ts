import { Migration } from '@mikro-orm/migrations';

/**
 * What became of the bank's entries (P9). Every booking made for an entry names it; what staff are offered for one that waits stands in `entry_suggestion`; money
 * that is to be sent back waits in `bank_return` until the entry of its transfer appears.
 */
export class Migration20261217000000Matching extends Migration {
  override up(): void {
    this.addSql(`
alter table journal add column entry_id uuid references bank_entry;
create index journal_of_entry on journal (entry_id) where entry_id is not null;

alter table bank_entry add column outcome text, add column decided_by text, add column decided_at timestamptz;
create index bank_entry_amount on bank_entry (library, account, amount, booked_on);
create index payment_due on payment (library, currency, (amount - received)) where means = 'bank' and amount > received;

create table entry_suggestion (
  id uuid primary key,
  entry_id uuid not null references bank_entry,
  rank int not null check (rank >= 0),
  parts jsonb not null,
  score int not null check (score between 0 and 100),
  reasons jsonb not null,
  unique (entry_id, rank)
);

create table bank_return (
  id uuid primary key,
  library text not null,
  account text not null,
  entry_id uuid not null references bank_entry,
  patron_id uuid references patron,
  amount bigint not null check (amount > 0),
  currency text not null,
  state text not null check (state in ('waiting', 'sent', 'cancelled')),
  sent_by uuid references bank_entry,
  remark_id uuid references remark,
  actor text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  foreign key (library, account) references bank_account (library, code),
  check ((state = 'waiting') = (ended_at is null)),
  check ((state = 'sent') = (sent_by is not null))
);
create index bank_return_waiting on bank_return (library, account, amount) where ended_at is null;
create index bank_return_entry on bank_return (entry_id);
create index bank_return_patron on bank_return (patron_id) where patron_id is not null;
    `);
  }
}
