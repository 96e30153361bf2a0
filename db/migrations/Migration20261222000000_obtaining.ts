import { Migration } from '@mikro-orm/migrations';

/** What the requester's side keeps besides: the librarian's own order of suppliers, who is asked and until when, and whom a librarian turned to by other ways (I3, I4, I10). */
export class Migration20261222000000Obtaining extends Migration {
  override up(): void {
    this.addSql(`
alter table ill_request
  add chosen text[] not null default '{}',
  add asks text check (asks in ('reader', 'staff')),
  add ask_until timestamptz,
  add needed_by timestamptz,
  add remark_id uuid references remark;
alter table ill_attempt
  add supplier text,
  add form_id uuid references ill_form;
    `);
  }
}
