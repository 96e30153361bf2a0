import { Migration } from '@mikro-orm/migrations';

/**
 * What is charged, waived and disputed. A charge may name the copy it is for and what staff wrote to it; a copy may have a price, which its reader replaces (lost
 * items). A dispute holds a charge out of what is due until staff decide (P7): one at a time, and the charge says since when. The books of a library are read in
 * the order of time, for the accountant's export.
 */
export class Migration20261213000000Charges extends Migration {
  override up(): void {
    this.addSql(`
alter table item add column price bigint check (price >= 0);
alter table charge add column item_id uuid references item, add column remark_id uuid references remark,
  add check (disputed_at is null or remaining > 0);
create index charge_of_library on charge (library, id);
create index charge_of_item on charge (item_id) where item_id is not null;
create index charge_of_journal on charge (journal_id);

create table dispute (
  id uuid primary key,
  library text not null references library,
  charge_id uuid not null references charge,
  patron_id uuid not null references patron,
  remark_id uuid not null references remark,
  state text not null default 'open' check (state in ('open', 'upheld', 'rejected', 'withdrawn', 'dropped')),
  disputed bigint not null check (disputed > 0),
  opened_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  decision_remark_id uuid references remark,
  check ((state = 'open') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null))
);
create unique index dispute_open on dispute (charge_id) where state = 'open';
create index dispute_of_charge on dispute (charge_id);
create index dispute_of_patron on dispute (patron_id);

create index journal_in_time on journal (library, at, id);
    `);
  }
}
