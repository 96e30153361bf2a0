import { Migration } from '@mikro-orm/migrations';

/**
 * Receipts for what is no payment (P6): balance paid out in cash, and deposits taken and given back. They have a booking and no payment, and numbers of their own. What was
 * booked before they existed is listed, so that the audit does not miss theirs. Accounts are found by how they begin (`transfer:…`) too, whatever the database's
 * collation (P9).
 */
export class Migration20270103000000HandedOut extends Migration {
  override up(): void {
    this.addSql(`
alter table money_document alter column payment_id drop not null;
alter table money_document drop constraint money_document_kind_check;
alter table money_document add constraint money_document_kind_check
  check (kind in ('receipt', 'slip', 'cancellation', 'invoice', 'payout', 'deposit', 'deposit-return'));
alter table money_document add constraint money_document_payment_check
  check ((payment_id is null) = (kind in ('payout', 'deposit', 'deposit-return')));
insert into journal_without_receipt (journal_id) select id from journal where kind in ('payout-cash', 'deposit-taken', 'deposit-returned');
drop index posting_account;
create index posting_account on posting (account text_pattern_ops);
    `);
  }
}
