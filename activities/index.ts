import { createCheckoutActivities } from './checkouts.ts';
import { createCalendarActivities } from './closures.ts';
import { createBounceCommands } from './bounces.ts';
import { createMistakeCommands } from './charge-mistakes.ts';
import { createChargeCommands } from './charges.ts';
import { createNoticeActivities } from './deliver.ts';
import type { ActivityDeps } from './deps.ts';
import { createDisputeCommands } from './disputes.ts';
import { createEmailCommands } from './email.ts';
import { createConsentActivities } from './family-consents.ts';
import { createFamilyActivities } from './families.ts';
import { createErasureActivities } from './erase-patron.ts';
import { createHoldActivities } from './holds.ts';
import { createSurplusCommands } from './gateway-refunds.ts';
import { createInvoiceCommands } from './invoices.ts';
import { createStatementActivities } from './import-statement.ts';
import { createIllActivities } from './ill/index.ts';
import { createLibrarySettlementCommands } from './ill-settlements/index.ts';
import { createItemActivities } from './items.ts';
import { createLoanActivities } from './loans.ts';
import { createEntryCommands } from './entry-decisions.ts';
import { matchEntries, type MatchEntries } from './match-entries.ts';
import { createMonthCommands } from './months.ts';
import { createNoticeCommands } from './notices.ts';
import { createMembershipActivities, createMembershipCommands } from './membership.ts';
import { createPatronActivities } from './patrons.ts';
import { createPatronDataActivities } from './patron-data.ts';
import { createPaymentCommands } from './payments.ts';
import { createPaymentProcessActivities } from './payment-process.ts';
import { createVoucherActivities } from './vouchers.ts';
import { createDifferenceCommands, createReconciliationActivities } from './reconciliation/index.ts';
import { createPeerActivities } from './peers/index.ts';
import { createPeerCommands } from './peers/change-line.ts';
import { createLines, ringingFirst } from './peers/lines.ts';
import { createRegistrationActivities } from './registration.ts';
import { createSettlementCommands } from './settlements.ts';
import { createSupplyActivities } from './supply/index.ts';
import { createSweepActivities } from './sweep.ts';
import { createTerminalCommands } from './terminal-totals.ts';
import { createTidyActivities } from './tidy.ts';
import { createWaiverCommands } from './waivers.ts';

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
    ...createMonthCommands(deps),
    ...createLibrarySettlementCommands(deps),
    ...createNoticeCommands(deps),
    ...createPatronActivities(deps),
    ...createPatronDataActivities(deps),
    ...createPaymentCommands(deps),
    ...createPeerCommands(deps),
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
