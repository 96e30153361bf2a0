import { Migration } from '@mikro-orm/migrations';

/** Counts what waits of a file without looking at what is done, and gives rows that nothing refers to their ids where they are written. */
export class Migration20261229000100EntriesWaiting extends Migration {
  override up(): void {
    this.addSql(`
drop index bank_entry_statement;
create index bank_entry_waiting on bank_entry (statement_id) where state in ('new', 'suspended');
alter table posting alter column id set default uuidv7();
alter table event alter column id set default uuidv7();
alter table notice alter column id set default uuidv7();
    `);
  }
}
