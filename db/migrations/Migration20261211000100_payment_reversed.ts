import { Migration } from '@mikro-orm/migrations';

/** Payments that were taken back before they had rows show it, and the bookings that took them back belong to them. */
export class Migration20261211000100PaymentReversed extends Migration {
  override up(): void {
    this.addSql(`
update payment set reversed_at = later.at from journal later where later.reverses = payment.id and later.kind = 'reversal-payment';
alter table journal disable trigger journal_append_only;
update journal set payment_id = reverses where kind = 'reversal-payment' and payment_id is null and exists (select from payment where payment.id = reverses);
alter table journal enable trigger journal_append_only;
    `);
  }
}
