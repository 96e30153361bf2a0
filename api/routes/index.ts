import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { accountRoutes } from './account.ts';
import { applicationRoutes } from './applications.ts';
import { cartConfirmationRoutes } from './cart-confirmations.ts';
import { cartRoutes } from './cart.ts';
import { dataExportRoutes } from './data-exports.ts';
import { detailRoutes } from './details.ts';
import { documentLinkRoutes } from './document-links.ts';
import { documentRoutes } from './documents.ts';
import { familyHoldRoutes } from './family-holds.ts';
import { familyRoutes } from './family.ts';
import { emailRoutes } from './email.ts';
import { chargeRoutes } from './charges.ts';
import { holdChangeRoutes } from './hold-changes.ts';
import { holdRoutes } from './holds.ts';
import { iso18626Routes } from './iso18626.ts';
import { homeLibraryRoutes } from './home-library.ts';
import { identityRoutes } from './identity.ts';
import { feeRoutes } from './fees.ts';
import { libraryRoutes } from './libraries.ts';
import { loanRoutes } from './loans.ts';
import { meRoutes } from './me.ts';
import { myApplicationRoutes } from './my-applications.ts';
import { gatewayNotificationRoutes } from './gateway-notifications.ts';
import { myPaymentRoutes } from './my-payments.ts';
import { myDeliveryRoutes } from './my-deliveries.ts';
import { myRequestActRoutes } from './my-request-acts.ts';
import { myRequestCostRoutes } from './my-request-costs.ts';
import { myRequestRoutes } from './my-requests.ts';
import { myTransferRoutes } from './my-transfers.ts';
import { myIdentityRoutes } from './my-identities.ts';
import { noticeRoutes } from './notices.ts';
import { noticeResendRoutes } from './notices-resend.ts';
import { passwordLinkRoutes } from './password-links.ts';
import { passwordRoutes } from './password.ts';
import { patronAccessRoutes } from './patron-access.ts';
import { pickupOptionRoutes } from './pickup-options.ts';
import { procedureRoutes } from './procedures.ts';
import { renewalRoutes } from './renewals.ts';
import { requestCheckRoutes } from './request-checks.ts';
import { requestFormRoutes } from './request-form.ts';
import { sessionRoutes } from './sessions.ts';
import { staffRoutes } from './staff/index.ts';
import { titleRoutes } from './titles.ts';

const subjects = [
  libraryRoutes,
  feeRoutes,
  procedureRoutes,
  identityRoutes,
  applicationRoutes,
  titleRoutes,
  sessionRoutes,
  passwordRoutes,
  passwordLinkRoutes,
  meRoutes,
  myApplicationRoutes,
  myIdentityRoutes,
  detailRoutes,
  emailRoutes,
  dataExportRoutes,
  pickupOptionRoutes,
  holdRoutes,
  holdChangeRoutes,
  cartRoutes,
  cartConfirmationRoutes,
  loanRoutes,
  renewalRoutes,
  chargeRoutes,
  documentRoutes,
  accountRoutes,
  myPaymentRoutes,
  myTransferRoutes,
  homeLibraryRoutes,
  requestFormRoutes,
  requestCheckRoutes,
  myRequestRoutes,
  myRequestActRoutes,
  myRequestCostRoutes,
  myDeliveryRoutes,
  documentLinkRoutes,
  gatewayNotificationRoutes,
  iso18626Routes,
  familyRoutes,
  familyHoldRoutes,
  noticeRoutes,
  noticeResendRoutes,
  patronAccessRoutes,
  staffRoutes,
];

/** Every route of the API. */
export function routesOf(deps: ApiDeps): Route[] {
  return subjects.flatMap((routes) => routes(deps));
}
