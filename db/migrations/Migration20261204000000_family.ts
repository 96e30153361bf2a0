import { Migration } from '@mikro-orm/migrations';

/**
 * Family cards (F1–F11): a sub card names its main card, one level deep and within one library. The activities decide that under the locks of both cards; the
 * trigger, which takes the main card's lock itself, is the last line of defence against whatever else writes. `family_consent` says whose holds and loans
 * the main card's holder may see and manage: one consent at a time a sub card, ended and never deleted.
 */
export class Migration20261204000000Family extends Migration {
  override up(): void {
    this.addSql(`
alter table patron
  add column main_id uuid references patron,
  add column linked_at timestamptz,
  add constraint patron_link_dated check ((main_id is null) = (linked_at is null)),
  add constraint patron_own_main check (main_id <> id),
  add constraint patron_closed_sub check (main_id is null or closed_at is null);
create index patron_subs on patron (main_id) where main_id is not null;

create function family_stands() returns trigger language plpgsql as $$
declare
  main patron;
begin
  if exists (select from patron where main_id = new.id) then
    raise exception 'card % has sub cards', new.id using errcode = 'check_violation', constraint = 'patron_has_subs';
  end if;
  if new.main_id is not null then
    select * into main from patron where id = new.main_id for no key update;
    if main.library <> new.library or main.main_id is not null or main.closed_at is not null then
      raise exception 'card % cannot be the main card of %', new.main_id, new.id
        using errcode = 'check_violation', constraint = 'patron_main';
    end if;
  end if;
  return new;
end $$;
create trigger patron_joins before insert on patron
  for each row when (new.main_id is not null) execute function family_stands();
create trigger patron_joins_or_closes before update of main_id, library, closed_at on patron
  for each row when (
    (new.main_id is not null and new.main_id is distinct from old.main_id) or new.library <> old.library
    or (new.closed_at is not null and old.closed_at is null)
  ) execute function family_stands();

create table family_consent (
  id uuid primary key,
  library text not null references library,
  main_id uuid not null references patron,
  sub_id uuid not null references patron,
  basis text not null check (basis in ('holder', 'staff')),
  granted_by text not null,
  granted_at timestamptz not null,
  ends_on date,
  remark_id uuid references remark,
  ended_at timestamptz,
  ended_by text,
  end_reason text check (end_reason in ('revoked', 'unlinked', 'lapsed')),
  check (main_id <> sub_id),
  check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null))
);
create unique index family_consent_open on family_consent (sub_id) where ended_at is null;
create index family_consent_of_main on family_consent (main_id) where ended_at is null;
    `);
  }
}
