import { Migration } from '@mikro-orm/migrations';

/** Those for whom somebody else has asked, to be found when their time is over (I6, I7). */
export class Migration20270104000000PeopleAskedFor extends Migration {
  override up(): void {
    this.addSql(`
create index ill_form_people on ill_form (library, request_id) where beneficiary is not null or beneficiary_email is not null;
    `);
  }
}
