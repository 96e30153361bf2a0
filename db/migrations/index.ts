import { Migration20261122000000Foundation } from './Migration20261122000000_foundation.ts';
import { Migration20261124000000EventOrder } from './Migration20261124000000_event_order.ts';
import { Migration20261125000000CartConfirmation } from './Migration20261125000000_cart_confirmation.ts';
import { Migration20261126000000PatronName } from './Migration20261126000000_patron_name.ts';
import { Migration20261201000000Registration } from './Migration20261201000000_registration.ts';
import { Migration20261202000000Identity } from './Migration20261202000000_identity.ts';
import { Migration20261203000000Mail } from './Migration20261203000000_mail.ts';
import { Migration20261204000000Family } from './Migration20261204000000_family.ts';
import { Migration20261205000000Membership } from './Migration20261205000000_membership.ts';
import { Migration20261205120000MembershipRows } from './Migration20261205120000_membership_rows.ts';
import { Migration20261206000000Account } from './Migration20261206000000_account.ts';
import { Migration20261208000000Staff } from './Migration20261208000000_staff.ts';
import { Migration20261209000000LikelyReaders } from './Migration20261209000000_likely_readers.ts';
import { Migration20261210000000Payment } from './Migration20261210000000_payment.ts';
import { Migration20261211000000DeskMoney } from './Migration20261211000000_desk_money.ts';
import { Migration20261212000000Gateway } from './Migration20261212000000_gateway.ts';
import { Migration20261213000000Charges } from './Migration20261213000000_charges.ts';
import { Migration20261214000000Documents } from './Migration20261214000000_documents.ts';
import { Migration20261215000000Vouchers } from './Migration20261215000000_vouchers.ts';
import { Migration20261216000000Bank } from './Migration20261216000000_bank.ts';
import { Migration20261217000000Matching } from './Migration20261217000000_matching.ts';
import { Migration20261218000000Reconciliation } from './Migration20261218000000_reconciliation.ts';

/** Every migration in the order it runs; listed by hand, so that a bundle or a container needs no directory scan. */
export const migrations = [
  { name: 'Migration20261122000000_foundation', class: Migration20261122000000Foundation },
  { name: 'Migration20261124000000_event_order', class: Migration20261124000000EventOrder },
  { name: 'Migration20261125000000_cart_confirmation', class: Migration20261125000000CartConfirmation },
  { name: 'Migration20261126000000_patron_name', class: Migration20261126000000PatronName },
  { name: 'Migration20261201000000_registration', class: Migration20261201000000Registration },
  { name: 'Migration20261202000000_identity', class: Migration20261202000000Identity },
  { name: 'Migration20261203000000_mail', class: Migration20261203000000Mail },
  { name: 'Migration20261204000000_family', class: Migration20261204000000Family },
  { name: 'Migration20261205000000_membership', class: Migration20261205000000Membership },
  { name: 'Migration20261205120000_membership_rows', class: Migration20261205120000MembershipRows },
  { name: 'Migration20261206000000_account', class: Migration20261206000000Account },
  { name: 'Migration20261208000000_staff', class: Migration20261208000000Staff },
  { name: 'Migration20261209000000_likely_readers', class: Migration20261209000000LikelyReaders },
  { name: 'Migration20261210000000_payment', class: Migration20261210000000Payment },
  { name: 'Migration20261211000000_desk_money', class: Migration20261211000000DeskMoney },
  { name: 'Migration20261212000000_gateway', class: Migration20261212000000Gateway },
  { name: 'Migration20261213000000_charges', class: Migration20261213000000Charges },
  { name: 'Migration20261214000000_documents', class: Migration20261214000000Documents },
  { name: 'Migration20261215000000_vouchers', class: Migration20261215000000Vouchers },
  { name: 'Migration20261216000000_bank', class: Migration20261216000000Bank },
  { name: 'Migration20261217000000_matching', class: Migration20261217000000Matching },
  { name: 'Migration20261218000000_reconciliation', class: Migration20261218000000Reconciliation },
];
