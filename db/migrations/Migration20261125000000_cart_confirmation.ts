import { Migration } from '@mikro-orm/migrations';

/**
 * What a reader confirmed: the cart's lines at that moment, under the request's id. Placing empties the cart, so a repeated confirmation finds here what it
 * was about (H3). `confirmed_at` is the API's clock; a line put into the cart later is not part of it.
 */
export class Migration20261125000000CartConfirmation extends Migration {
  override up(): void {
    this.addSql(`
create table cart_confirmation (
  id uuid primary key,
  patron_id uuid not null references patron,
  lines jsonb not null,
  confirmed_at timestamptz not null
);
create index cart_confirmation_age on cart_confirmation (confirmed_at);
    `);
  }
}
