import { Migration } from '@mikro-orm/migrations';

/** Counts what waits of a file without looking at what is done. */
export class Migration20261229000100EntriesWaiting extends Migration {
  override up(): void {
    this.addSql(`
drop index bank_entry_statement;
create index bank_entry_waiting on bank_entry (statement_id) where state in ('new', 'suspended');
    `);
  }
}
