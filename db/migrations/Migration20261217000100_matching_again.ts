import { Migration } from '@mikro-orm/migrations';

/** Finds bank payments whose money was taken back by what is to come for them again (P9). */
export class Migration20261217000100MatchingAgain extends Migration {
  override up(): void {
    this.addSql(
      `create index payment_due_again on payment (library, amount) where means = 'bank' and reversed_at is not null;`,
    );
  }
}
