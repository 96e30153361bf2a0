import { Migration } from '@mikro-orm/migrations';

/** How far a centre has passed on what suppliers said (I5): by the order in which it came. */
export class Migration20261223000100SupplyRelay extends Migration {
  override up(): void {
    this.addSql('alter table supply_request add column relayed_seq bigint not null default 0');
  }
}
