import { Migration } from '@mikro-orm/migrations';

/**
 * The rows of the membership processes: every main or single card of a library that takes a usage fee. Which libraries do is the policies' business; the worker
 * notes it at its start, so that the sweep and the audit can ask the database.
 */
export class Migration20261205120000MembershipRows extends Migration {
  override up(): void {
    this.addSql(`
alter table library add column takes_fee boolean not null default false;

create view membership as
  select patron.id, patron.library, patron.id as patron_id, patron.created_at as begun_at, coalesce(patron.closed_at, patron.linked_at) as ended_at
  from patron join library on library.code = patron.library and library.takes_fee;
    `);
  }
}
