import type { ApiDeps } from '../../deps.ts';
import type { Route } from '../../route.ts';
import { applicationDecisionRoutes } from './application-decisions.ts';
import { staffApplicationRoutes } from './applications.ts';
import { staffChargeRoutes } from './charges.ts';
import { bookRoutes } from './books.ts';
import { chargeDecisionRoutes } from './charge-decisions.ts';
import { bankEntryRoutes } from './bank-entries.ts';
import { bankStatementRoutes } from './bank-statements.ts';
import { carriedCashRoutes } from './carried-cash.ts';
import { checkInRoutes } from './check-ins.ts';
import { checkOutRoutes } from './check-outs.ts';
import { closureRoutes } from './closures.ts';
import { staffDocumentRoutes } from './documents.ts';
import { drawerMoveRoutes } from './drawer-moves.ts';
import { drawerRoutes } from './drawers.ts';
import { differenceRoutes } from './differences.ts';
import { erasureRoutes } from './erasures.ts';
import { staffFamilyRoutes } from './families.ts';
import { financeCreditRoutes } from './finance-credits.ts';
import { staffHoldRoutes } from './holds.ts';
import { itemRoutes } from './items.ts';
import { listRoutes } from './lists.ts';
import { staffNoticeRoutes } from './notices.ts';
import { patronDataRoutes } from './patron-data.ts';
import { memberAccessRoutes } from './member-access.ts';
import { memberRoutes } from './members.ts';
import { monthRoutes } from './months.ts';
import { outsideRequestActRoutes } from './outside-request-acts.ts';
import { outsideRequestRoutes } from './outside-requests.ts';
import { ownAccountRoutes } from './own-account.ts';
import { ownSecondFactorRoutes } from './own-second-factor.ts';
import { patronDecisionRoutes } from './patron-decisions.ts';
import { patronEmailRoutes } from './patron-email.ts';
import { patronMoneyRoutes } from './patron-money.ts';
import { patronOpeningRoutes } from './patron-openings.ts';
import { patronRoutes } from './patrons.ts';
import { paymentListRoutes } from './payment-list.ts';
import { paymentRoutes } from './payments.ts';
import { peerRoutes } from './peers.ts';
import { processRoutes } from './processes.ts';
import { deliveredDocumentRoutes } from './delivered-documents.ts';
import { requestActRoutes } from './request-acts.ts';
import { requestDeliveryRoutes } from './request-deliveries.ts';
import { reconciliationRoutes } from './reconciliations.ts';
import { staffRenewalRoutes } from './renewals.ts';
import { staffRequestRoutes } from './requests.ts';
import { settlementFileRoutes } from './settlement-files.ts';
import { staffSignInRoutes } from './sign-in.ts';
import { statisticsRoutes } from './statistics.ts';
import { supplierRoutes } from './suppliers.ts';
import { sweepRoutes } from './sweeps.ts';
import { terminalTotalRoutes } from './terminal-totals.ts';
import { libraryNettingRoutes } from './library-nettings.ts';
import { librarySettlementActRoutes } from './library-settlement-acts.ts';
import { librarySettlementRoutes } from './library-settlements.ts';
import { taskRoutes } from './tasks.ts';
import { voucherRoutes } from './vouchers.ts';
import { waitingPaymentRoutes } from './waiting-payments.ts';

const subjects = [
  staffSignInRoutes,
  ownAccountRoutes,
  ownSecondFactorRoutes,
  memberRoutes,
  memberAccessRoutes,
  checkOutRoutes,
  checkInRoutes,
  staffRenewalRoutes,
  staffRequestRoutes,
  staffHoldRoutes,
  itemRoutes,
  listRoutes,
  taskRoutes,
  staffApplicationRoutes,
  applicationDecisionRoutes,
  patronRoutes,
  patronDecisionRoutes,
  staffFamilyRoutes,
  patronDataRoutes,
  patronEmailRoutes,
  erasureRoutes,
  patronOpeningRoutes,
  staffNoticeRoutes,
  closureRoutes,
  staffChargeRoutes,
  staffDocumentRoutes,
  chargeDecisionRoutes,
  bookRoutes,
  paymentRoutes,
  paymentListRoutes,
  patronMoneyRoutes,
  drawerRoutes,
  carriedCashRoutes,
  financeCreditRoutes,
  drawerMoveRoutes,
  bankEntryRoutes,
  bankStatementRoutes,
  voucherRoutes,
  waitingPaymentRoutes,
  reconciliationRoutes,
  requestActRoutes,
  requestDeliveryRoutes,
  deliveredDocumentRoutes,
  differenceRoutes,
  settlementFileRoutes,
  librarySettlementRoutes,
  librarySettlementActRoutes,
  libraryNettingRoutes,
  terminalTotalRoutes,
  monthRoutes,
  outsideRequestRoutes,
  supplierRoutes,
  outsideRequestActRoutes,
  peerRoutes,
  processRoutes,
  statisticsRoutes,
  sweepRoutes,
];

/** What staff and operators do (A13). */
export function staffRoutes(deps: ApiDeps): Route[] {
  return subjects.flatMap((routes) => routes(deps));
}
