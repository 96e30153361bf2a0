import { createCheckoutActivities } from './payments/checkouts.ts';
import { createCalendarActivities } from './circulation/closures.ts';
import { createBounceCommands } from './accounts/bounces.ts';
import { createMistakeCommands } from './charges/charge-mistakes.ts';
import { createChargeCommands } from './charges/charges.ts';
import { createNoticeActivities } from './notices/deliver.ts';
import type { ActivityDeps } from './deps.ts';
import { createDisputeCommands } from './charges/disputes.ts';
import { createEmailCommands } from './accounts/email.ts';
import { createConsentActivities } from './families/family-consents.ts';
import { createFamilyActivities } from './families/families.ts';
import { createErasureActivities } from './accounts/erase-patron.ts';
import { createHoldActivities } from './circulation/holds.ts';
import { createSurplusCommands } from './payments/gateway-refunds.ts';
import { createInvoiceCommands } from './documents/invoices.ts';
import { createStatementActivities } from './bank/import-statement.ts';
import { createIllActivities } from './ill/index.ts';
import { createLibrarySettlementCommands } from './ill-settlements/index.ts';
import { createItemActivities } from './circulation/items.ts';
import { createLoanActivities } from './circulation/loans.ts';
import { createEntryCommands } from './bank/entry-decisions.ts';
import { matchEntries, type MatchEntries } from './bank/match-entries.ts';
import { createMonthCommands } from './reconciliation/months.ts';
import { createNoticeCommands } from './notices/notices.ts';
import { createMembershipActivities, createMembershipCommands } from './membership/membership.ts';
import { createPatronActivities } from './accounts/patrons.ts';
import { createPatronDataActivities } from './accounts/patron-data.ts';
import { createPaymentCommands } from './payments/payments.ts';
import { createPaymentProcessActivities } from './payments/payment-process.ts';
import { createVoucherActivities } from './payments/vouchers.ts';
import { createDifferenceCommands, createReconciliationActivities } from './reconciliation/index.ts';
import { createPeerActivities } from './peers/index.ts';
import { createPeerCommands } from './peers/change-line.ts';
import { createLines, ringingFirst } from './peers/lines.ts';
import { createMessageCommands } from './peers/resend.ts';
import { createRegistrationActivities } from './registration/registration.ts';
import { createRequestCommands } from './ill/settle-ended.ts';
import { createSettlementCommands } from './reconciliation/settlements.ts';
import { createSupplyActivities } from './supply/index.ts';
import { createSweepActivities } from './sweep.ts';
import { createFinanceCreditCommands } from './tills/finance-credits.ts';
import { createTerminalCommands } from './tills/terminal-totals.ts';
import { createTidyActivities } from './tidy.ts';
import { createWaiverCommands } from './charges/waivers.ts';

/** Activities that run as a short workflow of their own: `command:<name>:<key>`. */
function createCommandActivities(deps: ActivityDeps) {
  return {
    ...createBounceCommands(deps),
    ...createCalendarActivities(deps),
    ...createChargeCommands(deps),
    ...createMistakeCommands(deps),
    ...createDisputeCommands(deps),
    ...createWaiverCommands(deps),
    ...createEmailCommands(deps),
    ...createConsentActivities(deps),
    ...createFamilyActivities(deps),
    ...createErasureActivities(deps),
    ...createInvoiceCommands(deps),
    ...createItemActivities(deps),
    ...createMembershipCommands(deps),
    ...createEntryCommands(deps),
    ...createDifferenceCommands(deps),
    ...createSettlementCommands(deps),
    ...createTerminalCommands(deps),
    ...createFinanceCreditCommands(deps),
    ...createMonthCommands(deps),
    ...createLibrarySettlementCommands(deps),
    ...createNoticeCommands(deps),
    ...createPatronActivities(deps),
    ...createPatronDataActivities(deps),
    ...createPaymentCommands(deps),
    ...createMessageCommands(deps),
    ...createPeerCommands(deps),
    ...createRequestCommands(deps),
    ...createSurplusCommands(deps),
    checkIn: createLoanActivities(deps).checkIn,
  };
}

/** Every activity; they are the only writers of state. */
export function createActivities(given: ActivityDeps) {
  const lines = createLines();
  const deps = { ...given, engine: ringingFirst(given.engine, lines) };
  return {
    ...createCommandActivities(deps),
    ...createHoldActivities(deps),
    ...createLoanActivities(deps),
    ...createMembershipActivities(deps),
    ...createNoticeActivities(deps),
    ...createCheckoutActivities(deps),
    ...createPaymentProcessActivities(deps),
    ...createVoucherActivities(deps),
    ...createReconciliationActivities(deps),
    ...createRegistrationActivities(deps),
    matchEntries: (step: MatchEntries) => matchEntries(deps, step),
    ...createStatementActivities(deps),
    ...createIllActivities(deps),
    ...createSupplyActivities(deps),
    ...createPeerActivities(deps, lines),
    ...createSweepActivities(deps),
    ...createTidyActivities(deps),
  };
}

export type CommandActivities = ReturnType<typeof createCommandActivities>;
export type Activities = ReturnType<typeof createActivities>;
