import { entryInvariants } from './entries.ts';
import { bankInvariants } from './bank.ts';
import { documentInvariants } from './documents.ts';
import { deskMoneyInvariants } from './desk-money.ts';
import { erasureInvariants } from './erasure.ts';
import { chargeInvariants } from './charges.ts';
import { illDeliveryInvariants } from './ill-delivery.ts';
import { illHoldingInvariants } from './ill-holdings.ts';
import { illIntakeInvariants } from './ill-intake.ts';
import { illMoneyInvariants } from './ill-money.ts';
import { illRequestInvariants } from './ill-requests.ts';
import type { Invariant } from './invariant.ts';
import { familyInvariants } from './families.ts';
import { gatewayInvariants } from './gateways.ts';
import { itemInvariants } from './items.ts';
import { ledgerInvariants } from './ledger.ts';
import { loanInvariants } from './loans.ts';
import { mailInvariants } from './mail.ts';
import { membershipInvariants } from './membership.ts';
import { noticeInvariants } from './notices.ts';
import { pickupInvariants } from './pickup.ts';
import { privacyInvariants } from './privacy.ts';
import { queueInvariants } from './queue.ts';
import { reconciliationInvariants } from './reconciliation.ts';
import { registrationInvariants } from './registration.ts';
import { storyInvariants } from './stories.ts';
import { exchangeInvariants } from './exchange.ts';
import { supplyInvariants } from './supplies.ts';
import { voucherInvariants } from './vouchers.ts';

/** Everything `npm run audit` asks of the database. */
export const invariants: readonly Invariant[] = [
  ...itemInvariants,
  ...queueInvariants,
  ...pickupInvariants,
  ...storyInvariants,
  ...noticeInvariants,
  ...mailInvariants,
  ...loanInvariants,
  ...ledgerInvariants,
  ...illIntakeInvariants,
  ...illMoneyInvariants,
  ...illRequestInvariants,
  ...illDeliveryInvariants,
  ...illHoldingInvariants,
  ...chargeInvariants,
  ...bankInvariants,
  ...entryInvariants,
  ...deskMoneyInvariants,
  ...documentInvariants,
  ...privacyInvariants,
  ...erasureInvariants,
  ...registrationInvariants,
  ...familyInvariants,
  ...membershipInvariants,
  ...reconciliationInvariants,
  ...gatewayInvariants,
  ...voucherInvariants,
  ...supplyInvariants,
  ...exchangeInvariants,
];
