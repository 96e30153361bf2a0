import { Migration } from '@mikro-orm/migrations';

/** What staff decided about money that a gateway gave back of which nothing was known here, each decision once and for ever (P9). */
export class Migration20261218000200GatewayReturn extends Migration {
  override up(): void {
    this.addSql(`
create table gateway_return (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  ref text not null,
  amount bigint not null check (amount <> 0),
  currency char(3) not null,
  destination text not null check (destination in ('payment', 'charge', 'loss')),
  difference_id uuid not null references difference,
  journal_id uuid not null references journal,
  refund_id uuid references gateway_refund,
  remark_id uuid not null references remark,
  decided_by text not null,
  decided_at timestamptz not null,
  check ((destination = 'payment') = (refund_id is not null))
);
create index gateway_capture_ref on gateway_capture (ref);
create index gateway_return_ref on gateway_return (library, provider, ref);
create index gateway_return_journal on gateway_return (journal_id);
create index gateway_return_refund on gateway_return (refund_id) where refund_id is not null;
    `);
  }
}
