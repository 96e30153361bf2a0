import { Migration } from '@mikro-orm/migrations';

/**
 * What other libraries send, while it is here (I9, I13, I14): a lent thing is a copy of a hidden title, a document that is offered under an address is fetched, and a request knows which document counts.
 */
export class Migration20261226000000Delivery extends Migration {
  override up(): void {
    this.addSql(`
alter table title drop constraint title_kind_check, add constraint title_kind_check check (kind in ('book', 'magazine', 'audiovisual', 'ill'));
alter table hold drop constraint hold_kind_check, add constraint hold_kind_check check (kind in ('book', 'magazine', 'audiovisual', 'ill'));
alter table loan drop constraint loan_kind_check, add constraint loan_kind_check check (kind in ('book', 'magazine', 'audiovisual', 'ill'));

alter table item add column ill_request_id uuid references ill_request;
create index item_ill on item (ill_request_id) where ill_request_id is not null;

alter table ill_request
  add column document_id uuid references ill_document,
  add column direct boolean not null default false,
  add column sent_back_at timestamptz;
alter table ill_attempt
  add column conditions text[] not null default '{}',
  add column return_to text;

alter table ill_document
  add column last_download_at timestamptz,
  add column deleted_at timestamptz,
  add check (deleted_at is null or content is null);
create index ill_document_expiring on ill_document (expires_at) where content is not null;

create table ill_offer (
  id uuid primary key,
  library text not null references library,
  request_id uuid not null references ill_request,
  attempt_id uuid not null references ill_attempt,
  url text not null,
  state text not null check (state in ('due', 'fetched', 'given-up', 'withdrawn')),
  tries int not null default 0 check (tries >= 0),
  last_error text,
  offered_at timestamptz not null,
  settled_at timestamptz,
  check ((state = 'due') = (settled_at is null)),
  unique (attempt_id, url)
);
create unique index ill_offer_due on ill_offer (request_id) where state = 'due';
    `);
  }
}
