import { Migration } from '@mikro-orm/migrations';

/** Whether two copies are of one issue of a magazine, or one and the same copy (H1, H5). A copy without a date is of no issue but its own. */
export class Migration20270107000000SameIssue extends Migration {
  override up(): void {
    this.addSql(`
create function same_issue(one uuid, other uuid) returns boolean language sql stable parallel safe as $$
  select one = other or exists (
    select from item a join item b on b.title_id = a.title_id and b.issued_on = a.issued_on and b.issue is not distinct from a.issue
    where a.id = one and b.id = other)
$$;
    `);
  }
}
