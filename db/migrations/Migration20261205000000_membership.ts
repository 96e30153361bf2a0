import { Migration } from '@mikro-orm/migrations';

/**
 * The usage fee (F2, F3, F12) and what settles a charge. A period is raised once for the first day that is not paid for, so that two runs cannot charge it
 * twice; one that was dropped – its card became a sub card – makes room for another. Allocations tie bookings to the charges they settle: a charge less its
 * allocations is what remains, and a payment taken back is an allocation below zero.
 */
export class Migration20261205000000Membership extends Migration {
  override up(): void {
    this.addSql(`
create table membership_period (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  due_on date not null,
  starts_on date,
  ends_on date,
  state text not null check (state in ('raised', 'paid', 'exempt', 'dropped')),
  charge_id uuid unique references charge,
  raised_at timestamptz not null,
  settled_at timestamptz,
  check ((state in ('paid', 'exempt')) = (starts_on is not null and ends_on is not null)),
  check (ends_on >= starts_on),
  check ((state = 'exempt') = (charge_id is null)),
  check ((state = 'raised') = (settled_at is null))
);
create unique index membership_period_due on membership_period (patron_id, due_on) where state <> 'dropped';
create unique index membership_period_open on membership_period (patron_id) where state = 'raised';

create table membership_cover (
  period_id uuid not null references membership_period,
  patron_id uuid not null references patron,
  before date not null,
  until date not null,
  primary key (period_id, patron_id),
  check (until >= before)
);
create index membership_cover_of_patron on membership_cover (patron_id);

create table allocation (
  journal_id uuid not null references journal,
  charge_id uuid not null references charge,
  amount bigint not null check (amount <> 0),
  primary key (journal_id, charge_id)
);
create index allocation_charge on allocation (charge_id);
create trigger allocation_append_only before update or delete on allocation for each row execute function refuse_change();

alter table journal add column reason text, add column remark_id uuid references remark;
alter table charge add column dropped_at timestamptz, add check (dropped_at is null or remaining = 0);
create index charge_of_patron on charge (patron_id, raised_at desc);
create index journal_of_patron on journal (patron_id, at desc);
    `);
  }
}
