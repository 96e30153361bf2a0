import { Migration } from '@mikro-orm/migrations';

/**
 * Receipts, settlement slips, cancellations and invoices (P3, P6), numbered without gaps for each library, kind and year. The number is given when the
 * transaction commits: whatever else it has to lock is locked by then, so the counter comes last in the order of locks and is held for a moment only, and what is rolled
 * back takes no number. Payments that were booked before receipts existed are listed, so that the audit does not miss theirs.
 */
export class Migration20261214000000Documents extends Migration {
  override up(): void {
    this.addSql(`
create table invoice_request (
  id uuid primary key,
  library text not null references library,
  patron_id uuid not null references patron,
  payment_id uuid not null references payment,
  party text not null check (party in ('person', 'organisation')),
  title text not null,
  country text not null,
  tax_id text,
  asked_by text not null,
  asked_at timestamptz not null,
  replaced_at timestamptz
);
create unique index invoice_request_of_payment on invoice_request (payment_id) where replaced_at is null;
create index invoice_request_of_patron on invoice_request (patron_id);

create table money_document (
  id uuid primary key,
  library text not null references library,
  kind text not null check (kind in ('receipt', 'slip', 'cancellation', 'invoice')),
  year integer not null,
  number integer check (number > 0),
  patron_id uuid not null references patron,
  payment_id uuid not null references payment,
  journal_id uuid unique references journal,
  cancels uuid unique references money_document,
  request_id uuid references invoice_request,
  language text not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  content jsonb not null,
  actor text not null,
  issued_at timestamptz not null,
  unique (library, kind, year, number),
  check ((kind = 'invoice') = (journal_id is null)),
  check ((kind = 'invoice') = (request_id is not null)),
  check (cancels is null or kind = 'cancellation')
);
create index money_document_of_patron on money_document (patron_id, issued_at desc);
create index money_document_of_payment on money_document (payment_id);
create index money_document_of_library on money_document (library, year, issued_at, id);

create table invoice_line (
  journal_id uuid not null,
  charge_id uuid not null,
  document_id uuid not null references money_document,
  primary key (journal_id, charge_id),
  foreign key (journal_id, charge_id) references allocation
);
create index invoice_line_of_document on invoice_line (document_id);
create trigger invoice_line_append_only before update or delete on invoice_line for each row execute function refuse_change();

create table document_counter (
  library text not null references library,
  kind text not null,
  year integer not null,
  last integer not null,
  primary key (library, kind, year)
);

create function number_document() returns trigger language plpgsql as $$
declare
  given integer;
begin
  insert into document_counter as counter (library, kind, year, last) values (new.library, new.kind, new.year, 1)
    on conflict (library, kind, year) do update set last = counter.last + 1 returning last into given;
  update money_document set number = given where id = new.id;
  return null;
end $$;
create constraint trigger money_document_numbered after insert on money_document deferrable initially deferred
  for each row execute function number_document();

create function money_document_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.number is null and new.number is not null
    and to_jsonb(new) - 'number' = to_jsonb(old) - 'number' then
    return new;
  end if;
  raise exception 'money_document is append-only' using errcode = 'restrict_violation';
end $$;
create trigger money_document_append_only before update or delete on money_document for each row execute function money_document_stays();

create table journal_without_receipt (journal_id uuid primary key references journal);
insert into journal_without_receipt (journal_id) select id from journal where kind like 'payment-%' or kind = 'reversal-payment';
    `);
  }
}
