import { Migration } from '@mikro-orm/migrations';

/** What a reader has agreed to pay for a request, above the limit of the form (I15). */
export class Migration20261227000100IllAgreed extends Migration {
  override up(): void {
    this.addSql(`alter table ill_request add column agreed_minor bigint check (agreed_minor >= 0);`);
  }
}
