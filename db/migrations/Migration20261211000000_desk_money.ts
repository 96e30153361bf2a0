import { Migration } from '@mikro-orm/migrations';

/**
 * Tills and their sessions: from a count to a count, with every booking in cash that was made meanwhile (P3, A13). A session that is closed takes no booking.
 */
export class Migration20261211000000DeskMoney extends Migration {
  override up(): void {
    this.addSql(`
create table drawer (
  library text not null references library,
  branch text not null,
  primary key (library, branch)
);

create table drawer_session (
  id uuid primary key,
  library text not null,
  branch text not null,
  currency text not null,
  opened_at timestamptz not null,
  opened_by text not null,
  opening_booked bigint not null,
  opening_count bigint not null check (opening_count >= 0),
  closed_at timestamptz,
  closed_by text,
  closing_booked bigint,
  closing_count bigint check (closing_count >= 0),
  remark_id uuid references remark,
  foreign key (library, branch) references drawer,
  check (num_nonnulls(closed_at, closed_by, closing_booked, closing_count) in (0, 4))
);
create unique index drawer_session_open on drawer_session (library, branch) where closed_at is null;
create index drawer_session_past on drawer_session (library, opened_at desc, id desc);

alter table journal add column drawer_id uuid references drawer_session;
create index journal_of_drawer on journal (drawer_id) where drawer_id is not null;

create function refuse_closed_drawer() returns trigger language plpgsql as $$
begin
  if exists (select from drawer_session where id = new.drawer_id and closed_at is not null) then
    raise exception 'drawer session % is closed', new.drawer_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger journal_drawer_open before insert on journal for each row when (new.drawer_id is not null) execute function refuse_closed_drawer();

alter table payment add column reversed_at timestamptz;
create index payment_of_library on payment (library, begun_at desc, id desc);
    `);
  }
}
