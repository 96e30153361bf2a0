import { Migration } from '@mikro-orm/migrations';

/** What other libraries have, as they stated it, and where it was looked up (I5, I10). */
export class Migration20261225000000Holdings extends Migration {
  override up(): void {
    this.addSql(`
create table ill_holding (
  id uuid primary key,
  library text not null references library,
  key text not null,
  peer text not null,
  origin text not null check (origin in ('import', 'sru')),
  source text not null,
  record_id text,
  title text not null,
  author text,
  published text,
  keys text[] not null,
  call_number text,
  coverage jsonb,
  lendable boolean not null,
  copyable boolean not null,
  search_text text not null,
  stated_at timestamptz not null,
  unique (library, key)
);
create index ill_holding_keys on ill_holding using gin (keys);
create index ill_holding_search on ill_holding using gin (search_grams(search_text));
create index ill_holding_list on ill_holding (library, peer, source);

create table ill_lookup (
  form_id uuid not null references ill_form,
  catalogue text not null,
  request_id uuid not null references ill_request,
  found int,
  error text,
  looked_at timestamptz not null,
  primary key (form_id, catalogue)
);
    `);
  }
}
