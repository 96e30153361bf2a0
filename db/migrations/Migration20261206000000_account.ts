import { Migration } from '@mikro-orm/migrations';

/**
 * What a library sets per account (A6), what the reader chooses (A12), how changes of it are audited, and how a reader is erased. `patron_change` holds what was
 * asked for and, once applied, what stood there before; erasure empties it and leaves who changed which field when. An event may be changed only in the
 * transaction that writes the `erasure` of the reader it is about, and an erasure is append-only itself.
 */
export class Migration20261206000000Account extends Migration {
  override up(): void {
    this.addSql(`
alter table patron add column overdraft_limit bigint check (overdraft_limit >= 0);
alter table patron add column deposit bigint not null default 0 check (deposit >= 0);
alter table patron add column notice_preferences jsonb not null default '{}';
alter table patron add column erased_at timestamptz;
alter table patron add constraint patron_erased check (erased_at is null or (closed_at is not null and name = ''
  and birth_date is null and email is null and phone is null));

create table patron_change (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null,
  actor text not null,
  wanted jsonb not null,
  seen text,
  remark_id uuid references remark,
  submitted_at timestamptz not null,
  before jsonb,
  fields text[],
  applied_at timestamptz,
  check ((applied_at is null) = (fields is null))
);
create index patron_change_of_patron on patron_change (patron_id, submitted_at desc);

create table data_export (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  actor text not null,
  at timestamptz not null
);
create index data_export_of_patron on data_export (patron_id, at desc);

create table erasure (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null unique references patron,
  actor text not null,
  at timestamptz not null,
  transaction xid8 not null default pg_current_xact_id()
);
create trigger erasure_append_only before update or delete on erasure for each row execute function refuse_change();

create function erasure_is_complete() returns trigger language plpgsql as $$
begin
  if not exists (select from patron where id = new.patron_id and erased_at is not null) then
    raise exception 'erasure % leaves its reader', new.id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger erasure_complete after insert on erasure
  deferrable initially deferred for each row execute function erasure_is_complete();

create function event_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE'
    and row (new.id, new.library, new.subject_type, new.subject_id, new.kind, new.at, new.seq)
      is not distinct from row (old.id, old.library, old.subject_type, old.subject_id, old.kind, old.at, old.seq)
    and new.detail in (old.detail, '{}') and (new.actor = old.actor or old.actor like 'patron:%')
    and exists (select from erasure where transaction = pg_current_xact_id() and patron_id in (old.patron_id, old.subject_id))
  then
    return new;
  end if;
  raise exception 'event is append-only' using errcode = 'restrict_violation';
end $$;
drop trigger event_append_only on event;
create trigger event_append_only before update or delete on event for each row execute function event_stays();
    `);
  }
}
