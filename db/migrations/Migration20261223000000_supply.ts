import { Migration } from '@mikro-orm/migrations';

/** What another library's request goes through here (I8): what was asked of it, what it wants, what is out for it; and a copy that is with another library. */
export class Migration20261223000000Supply extends Migration {
  override up(): void {
    this.addSql(`
alter table supply_request
  add column said_at timestamptz,
  add column delivery_kind text not null default 'post' check (delivery_kind in ('electronic', 'post', 'pickup')),
  add column forwards boolean not null default false,
  add column title_id uuid references title,
  add column advice jsonb,
  add column loan_condition text,
  add column reminded_at timestamptz,
  add column promised_at timestamptz,
  add column arrived_at timestamptz,
  add column sent_back_at timestamptz,
  add column overdue_at timestamptz,
  add column recalled_at timestamptz,
  add column renewals int not null default 0 check (renewals >= 0),
  add column late_at timestamptz,
  add column erased_at timestamptz,
  drop constraint supply_request_waits_for_check,
  add check (waits_for in ('answer', 'condition', 'ship', 'cancel', 'renew', 'return')),
  add check ((ended_at is not null) = (status in ('RetryPossible', 'Unfilled', 'CopyCompleted', 'LoanCompleted', 'CompletedWithoutReturn', 'Cancelled')));
create index supply_request_received on supply_request (library, received_at desc, id desc);
create index supply_request_waiting on supply_request (library, answer_by) where waits_for is not null;
create unique index supply_request_item on supply_request (item_id) where item_id is not null and ended_at is null;
create index supply_request_unerased on supply_request (ended_at) where ended_at is not null and erased_at is null;

alter table item
  drop constraint item_state_check,
  add constraint item_state_check check (state in ('available', 'on-loan', 'hold-shelf', 'put-away', 'in-transit', 'lent-out', 'missing', 'lost', 'withdrawn'));
    `);
  }
}
