import { Migration } from '@mikro-orm/migrations';

/** What readers are found by who may be an applicant (A4), beside their address and login: the birth date, and the last seven digits of the telephone number. */
export class Migration20261209000000LikelyReaders extends Migration {
  override up(): void {
    this.addSql(`
create index patron_birth_date on patron (library, birth_date) where birth_date is not null;
create index patron_phone_end on patron (library, right(regexp_replace(phone, '\\D', '', 'g'), 7)) where phone is not null;
    `);
  }
}
