import { Migration } from '@mikro-orm/migrations';

/** Lets the desk find a reader by a part of the name, in any script, whatever the width and case of its letters. */
export class Migration20261126000000PatronName extends Migration {
  override up(): void {
    this.addSql(`
create index patron_name on patron using gin (search_grams(normalize(lower(name), NFKC)));
    `);
  }
}
