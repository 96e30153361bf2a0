import { Migration } from '@mikro-orm/migrations';

/**
 * Numbers the events. `at` is a workflow's time, which may stand still while a step waits for a lock; the number is given under the lock, so for one
 * title, reader or item it is the order in which things happened. The audit proves "first come, first served" by it (H5).
 */
export class Migration20261124000000EventOrder extends Migration {
  override up(): void {
    this.addSql(`
alter table event add column seq bigint generated always as identity;
    `);
  }
}
