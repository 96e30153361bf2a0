import { Migration } from '@mikro-orm/migrations';

/**
 * A document that is written with its number keeps it: many that are issued at once are numbered by one update of their counter (P9). The index on library and instant
 * of journals is part of `journal_in_time`.
 */
export class Migration20261229000000DocumentNumbers extends Migration {
  override up(): void {
    this.addSql(`
drop trigger money_document_numbered on money_document;
create constraint trigger money_document_numbered after insert on money_document deferrable initially deferred
  for each row when (new.number is null) execute function number_document();
drop index journal_of_library;
    `);
  }
}
