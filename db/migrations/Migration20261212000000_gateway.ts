import { Migration } from '@mikro-orm/migrations';

/**
 * Payments that wait for money, and gateways: which of the library's ways a payment goes; what the gateway has said of its checkout; every notification of a
 * gateway, kept before it is answered; the money it took, each under the gateway's own id; and what is to go back to the payer.
 */
export class Migration20261212000000Gateway extends Migration {
  override up(): void {
    this.addSql(`
alter table payment add column way text;

create table checkout (
  payment_id uuid primary key references payment,
  state text not null check (state in ('opening', 'open', 'pending', 'paid', 'closed')),
  url text,
  looked_at timestamptz,
  kept bigint not null default 0,
  cancel_by text,
  cancel_at timestamptz,
  check ((cancel_by is null) = (cancel_at is null))
);

create table gateway_event (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  event_id text not null,
  kind text not null,
  ref text,
  payment_id uuid references payment,
  digest text not null,
  received_at timestamptz not null,
  followed_at timestamptz,
  unique (library, provider, event_id)
);
create index gateway_event_unfollowed on gateway_event (payment_id) where followed_at is null and payment_id is not null;
create index gateway_event_unknown on gateway_event (library, received_at) where payment_id is null;

create table gateway_capture (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  ref text not null,
  payment_id uuid not null references payment,
  journal_id uuid references journal,
  amount bigint not null check (amount > 0),
  currency text not null,
  taken_at timestamptz not null,
  seen_at timestamptz not null,
  unique (library, provider, ref)
);
create index gateway_capture_payment on gateway_capture (payment_id);

create table gateway_refund (
  id uuid primary key,
  library text not null references library,
  provider text not null,
  payment_id uuid not null references payment,
  capture_ref text not null,
  ref text,
  amount bigint not null check (amount > 0),
  currency text not null,
  state text not null check (state in ('wanted', 'done', 'failed')),
  journal_id uuid not null references journal,
  wanted_by text not null,
  wanted_at timestamptz not null,
  settled_at timestamptz,
  unique (library, provider, ref),
  check ((state = 'wanted') = (settled_at is null))
);
create index gateway_refund_payment on gateway_refund (payment_id);
    `);
  }
}
