import { Migration } from '@mikro-orm/migrations';

/**
 * Payments as rows of their own: what a reader was shown and asked to pay, by which means, and what became of it. While a payment is open its charges are
 * locked to it, so that nothing is paid twice; what was booked before payments had rows gets one here. A charge may name the process that waits for it.
 */
export class Migration20261210000000Payment extends Migration {
  override up(): void {
    this.addSql(`
create table payment (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  means text not null check (means in ('cash', 'card', 'credit', 'transfer', 'bank', 'online')),
  state text not null check (state in ('open', 'submitted', 'settled', 'refused', 'expired', 'cancelled')),
  amount bigint not null check (amount > 0),
  prepaid bigint not null default 0 check (prepaid between 0 and amount),
  received bigint not null default 0 check (received >= 0),
  currency text not null,
  reference text,
  branch text,
  provider text,
  provider_ref text,
  actor text not null,
  begun_at timestamptz not null,
  expires_at timestamptz,
  ended_at timestamptz,
  unique (library, reference),
  unique (provider, provider_ref),
  check ((state in ('open', 'submitted')) = (ended_at is null))
);
create index payment_of_patron on payment (patron_id, begun_at desc);
create index payment_under_way on payment (library, begun_at) where ended_at is null;

create table payment_line (
  payment_id uuid not null references payment,
  charge_id uuid not null references charge,
  position int not null,
  amount bigint not null check (amount > 0),
  open boolean not null,
  primary key (payment_id, charge_id)
);
create unique index payment_line_open on payment_line (charge_id) where open;
create index payment_line_charge on payment_line (charge_id);

alter table journal add column payment_id uuid references payment;
create index journal_of_payment on journal (payment_id) where payment_id is not null;
alter table charge add column waits text, add column disputed_at timestamptz;

alter table journal disable trigger journal_append_only;
insert into payment (id, library, patron_id, means, state, amount, received, currency, actor, begun_at, ended_at)
  select journal.id, journal.library, journal.patron_id, substr(journal.kind, 9), 'settled', sum(posting.amount), sum(posting.amount),
    posting.currency, journal.actor, journal.at, journal.at
  from journal join posting on posting.journal_id = journal.id and posting.amount > 0
  where journal.kind in ('payment-cash', 'payment-credit') group by journal.id, posting.currency;
insert into payment_line (payment_id, charge_id, position, amount, open)
  select allocation.journal_id, charge_id, row_number() over (partition by allocation.journal_id order by charge_id), allocation.amount, false
  from allocation join payment on payment.id = allocation.journal_id;
update journal set payment_id = id where exists (select from payment where payment.id = journal.id);
alter table journal enable trigger journal_append_only;
    `);
  }
}
