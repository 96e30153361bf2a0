import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { staffRoles, type StaffRole } from '../../domain/roles.ts';
import { type Edge, startEdge } from '../api/edge.ts';

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge();
});

afterAll(() => edge?.stop());

const id = uuid();

/** The own account is everybody's. */
const everyone = staffRoles;

/** Who may do what, as a library would write it down; an administrator may do all of it. */
const table: readonly (readonly [string, string, readonly StaffRole[]])[] = [
  ['POST', '/v1/staff/check-outs', ['desk']],
  ['POST', '/v1/staff/check-ins', ['desk']],
  ['GET', `/v1/staff/loans/${id}`, ['desk']],
  ['POST', `/v1/staff/loans/${id}/renewals`, ['desk']],
  ['POST', '/v1/staff/holds', ['desk']],
  ['GET', `/v1/staff/holds/${id}`, ['desk']],
  ['POST', `/v1/staff/holds/${id}/changes`, ['desk']],
  ['POST', `/v1/staff/holds/${id}/cancellation`, ['desk']],
  ['GET', '/v1/staff/items?barcode=b1', ['desk']],
  ['POST', '/v1/staff/items/b1/marks', ['desk']],
  ['GET', '/v1/staff/lists/to-phone', ['desk']],
  ['GET', '/v1/staff/lists/to-fetch', ['desk']],
  ['GET', '/v1/staff/lists/to-put-away', ['desk']],
  ['GET', '/v1/staff/lists/hold-shelf', ['desk']],
  ['GET', '/v1/staff/lists/in-transit', ['desk']],
  ['GET', '/v1/staff/lists/overdue', ['desk']],
  ['GET', '/v1/staff/lists/lapsed', ['desk']],
  ['GET', '/v1/staff/tasks', ['desk', 'ill-librarian', 'cashier']],
  ['GET', `/v1/staff/tasks/${id}`, ['desk', 'ill-librarian', 'cashier']],
  ['POST', `/v1/staff/tasks/${id}/resolution`, ['desk', 'ill-librarian', 'cashier']],
  ['GET', '/v1/staff/applications', ['desk', 'ill-librarian']],
  ['POST', '/v1/staff/requests', ['ill-librarian']],
  ['GET', '/v1/staff/requests', ['ill-librarian']],
  ['GET', '/v1/staff/requests.csv', ['ill-librarian']],
  ['GET', '/v1/staff/requests.xlsx', ['ill-librarian']],
  ['GET', '/v1/staff/requests/statistics?from=2026-01-01&to=2026-01-31', ['ill-librarian']],
  ['GET', `/v1/staff/requests/${id}`, ['ill-librarian']],
  ['POST', `/v1/staff/requests/${id}/review`, ['ill-librarian']],
  ['POST', `/v1/staff/requests/${id}/choose-supplier`, ['ill-librarian']],
  ['POST', `/v1/staff/requests/${id}/edit`, ['ill-librarian']],
  ['POST', `/v1/staff/requests/${id}/answer`, ['ill-librarian']],
  ['POST', `/v1/staff/requests/${id}/record`, ['ill-librarian']],
  ['POST', `/v1/staff/requests/${id}/cancel`, ['ill-librarian']],
  ['POST', `/v1/staff/requests/${id}/late-arrival`, ['ill-librarian']],
  ['GET', `/v1/staff/applications/${id}`, ['desk', 'ill-librarian']],
  ['POST', `/v1/staff/applications/${id}/decisions`, ['desk', 'ill-librarian']],
  ['GET', '/v1/staff/patrons?q=a', ['desk', 'ill-librarian', 'cashier']],
  ['GET', `/v1/staff/patrons/${id}`, ['desk']],
  ['GET', `/v1/staff/patrons/${id}/holds`, ['desk']],
  ['GET', `/v1/staff/patrons/${id}/loans`, ['desk']],
  ['GET', `/v1/staff/patrons/${id}/loans/history`, ['desk']],
  ['GET', `/v1/staff/patrons/${id}/notices`, ['desk']],
  ['GET', `/v1/staff/patrons/${id}/events`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/blocks`, ['desk']],
  ['DELETE', `/v1/staff/patrons/${id}/blocks/${id}`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/closure`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/unlock`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/one-time-password`, ['desk']],
  ['GET', `/v1/staff/patrons/${id}/email`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/email-confirmations`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/test-mails`, ['desk']],
  ['GET', `/v1/staff/notices/${id}`, ['desk']],
  ['POST', `/v1/staff/notices/${id}/resend`, ['desk']],
  ['GET', `/v1/staff/requests/${id}/suppliers`, ['ill-librarian']],
  ['GET', '/v1/staff/holdings', ['ill-librarian']],
  ['GET', '/v1/staff/peers', ['ill-librarian']],
  ['POST', '/v1/staff/peers/somebody/changes', ['ill-librarian']],
  ['GET', '/v1/staff/messages', ['ill-librarian']],
  ['GET', `/v1/staff/messages/${id}`, ['ill-librarian']],
  ['GET', '/v1/staff/outside-requests', ['ill-librarian']],
  ['GET', `/v1/staff/outside-requests/${id}`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/promise`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/condition`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/unfilled`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/retry`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/shipment`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/recall`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/overdue`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/renewal-answer`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/cancellation-answer`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/return`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/loss`, ['ill-librarian']],
  ['POST', `/v1/staff/outside-requests/${id}/notes`, ['ill-librarian']],
  ['GET', '/v1/staff/closures', ['administrator']],
  ['POST', '/v1/staff/closures', ['administrator']],
  ['GET', '/v1/staff/processes', ['operator']],
  ['GET', `/v1/staff/processes/hold:${id}`, ['operator']],
  ['GET', '/v1/staff/sweeps/latest', ['operator']],
  ['POST', '/v1/staff/sweeps', ['operator']],
  ['GET', '/v1/staff/me', everyone],
  ['PUT', '/v1/staff/me/password', everyone],
  ['POST', '/v1/staff/me/second-factor', everyone],
  ['POST', '/v1/staff/me/second-factor/confirmation', everyone],
  ['POST', '/v1/staff/me/recovery-codes', everyone],
  ['GET', '/v1/staff/members', ['administrator']],
  ['POST', '/v1/staff/members', ['administrator']],
  ['GET', `/v1/staff/members/${id}`, ['administrator']],
  ['PATCH', `/v1/staff/members/${id}`, ['administrator']],
  ['GET', `/v1/staff/members/${id}/changes`, ['administrator']],
  ['POST', `/v1/staff/members/${id}/deactivation`, ['administrator']],
  ['POST', `/v1/staff/members/${id}/activation`, ['administrator']],
  ['POST', `/v1/staff/members/${id}/unlock`, ['administrator']],
  ['POST', `/v1/staff/members/${id}/second-factor-reset`, ['administrator']],
  ['POST', `/v1/staff/members/${id}/one-time-password`, ['administrator']],
  ['POST', '/v1/staff/patrons', ['desk']],
  ['GET', `/v1/staff/patrons/${id}/family`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/main-card`, ['desk']],
  ['DELETE', `/v1/staff/patrons/${id}/main-card`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/sub-cards/handover`, ['desk']],
  ['POST', `/v1/staff/patrons/${id}/family-consent`, ['desk']],
  ['DELETE', `/v1/staff/patrons/${id}/family-consent`, ['desk']],
  ['GET', `/v1/staff/patrons/${id}/data`, ['desk', 'ill-librarian', 'cashier']],
  ['PATCH', `/v1/staff/patrons/${id}/data`, ['desk', 'ill-librarian', 'cashier']],
  ['GET', `/v1/staff/patrons/${id}/changes`, ['administrator']],
  ['POST', `/v1/staff/patrons/${id}/erasure`, ['administrator']],
  ['GET', `/v1/staff/patrons/${id}/erasure`, ['administrator']],
  ['POST', `/v1/staff/patrons/${id}/data-exports`, ['administrator']],
  ['GET', `/v1/staff/patrons/${id}/charges`, ['cashier']],
  ['GET', `/v1/staff/patrons/${id}/charges/history`, ['cashier']],
  ['GET', `/v1/staff/patrons/${id}/payments`, ['cashier']],
  ['POST', `/v1/staff/patrons/${id}/payments`, ['cashier']],
  ['POST', `/v1/staff/patrons/${id}/membership-fees`, ['cashier']],
  ['POST', `/v1/staff/payments/${id}/reversal`, ['cashier']],
  ['GET', '/v1/staff/payments', ['cashier']],
  ['POST', `/v1/staff/patrons/${id}/payouts`, ['cashier']],
  ['POST', `/v1/staff/patrons/${id}/deposits`, ['cashier']],
  ['GET', '/v1/staff/drawers', ['cashier']],
  ['POST', '/v1/staff/drawers', ['cashier']],
  ['GET', `/v1/staff/drawers/${id}`, ['cashier']],
  ['GET', `/v1/staff/drawers/${id}/report.csv`, ['cashier']],
  ['POST', `/v1/staff/drawers/${id}/movements`, ['cashier']],
  ['POST', `/v1/staff/drawers/${id}/closing`, ['cashier']],
  ['GET', '/v1/staff/bank-entries', ['cashier']],
  ['GET', `/v1/staff/bank-entries/${id}`, ['cashier']],
  ['POST', `/v1/staff/bank-entries/${id}/acceptance`, ['cashier']],
  ['POST', `/v1/staff/bank-entries/${id}/assignment`, ['cashier']],
  ['POST', `/v1/staff/bank-entries/${id}/dismissal`, ['cashier']],
  ['POST', `/v1/staff/bank-entries/${id}/return`, ['cashier']],
  ['POST', `/v1/staff/bank-entries/${id}/undoing`, ['cashier']],
  ['GET', '/v1/staff/bank-statements', ['cashier']],
  ['POST', '/v1/staff/bank-statements', ['cashier']],
  ['GET', `/v1/staff/bank-statements/${id}`, ['cashier']],
  ['GET', '/v1/staff/books/open-items.csv', ['cashier']],
  ['GET', '/v1/staff/books/open-items.xlsx', ['cashier']],
  ['GET', '/v1/staff/books/postings.csv', ['cashier']],
  ['GET', '/v1/staff/books/postings.xlsx', ['cashier']],
  ['GET', '/v1/staff/books/trial-balance', ['cashier']],
  ['GET', '/v1/staff/books/trial-balance.csv', ['cashier']],
  ['GET', '/v1/staff/books/trial-balance.xlsx', ['cashier']],
  ['GET', `/v1/staff/charges/${id}`, ['cashier']],
  ['POST', `/v1/staff/charges/${id}/dispute/decision`, ['cashier']],
  ['POST', `/v1/staff/charges/${id}/waivers`, ['cashier']],
  ['GET', `/v1/staff/differences/${id}`, ['cashier']],
  ['POST', `/v1/staff/differences/${id}/acknowledgement`, ['cashier']],
  ['POST', `/v1/staff/differences/${id}/credit`, ['cashier']],
  ['POST', `/v1/staff/differences/${id}/return`, ['cashier']],
  ['GET', '/v1/staff/documents', ['cashier']],
  ['GET', '/v1/staff/documents.csv', ['cashier']],
  ['GET', `/v1/staff/documents/${id}.pdf`, ['cashier']],
  ['GET', '/v1/staff/months', ['cashier']],
  ['POST', '/v1/staff/months/closings', ['cashier']],
  ['POST', '/v1/staff/months/reopenings', ['administrator']],
  ['POST', `/v1/staff/patrons/${id}/charges`, ['cashier']],
  ['GET', `/v1/staff/patrons/${id}/documents`, ['cashier']],
  ['GET', `/v1/staff/patrons/${id}/statement`, ['cashier']],
  ['GET', `/v1/staff/patrons/${id}/statement.csv`, ['cashier']],
  ['GET', `/v1/staff/payments/${id}`, ['desk', 'cashier']],
  ['POST', `/v1/staff/payments/${id}/cancellation`, ['desk', 'cashier']],
  ['POST', `/v1/staff/payments/${id}/invoices`, ['cashier']],
  ['POST', `/v1/staff/payments/${id}/surplus-decision`, ['cashier']],
  ['POST', `/v1/staff/payments/${id}/voucher-decisions`, ['cashier']],
  ['GET', `/v1/staff/payments/${id}/vouchers`, ['desk', 'ill-librarian', 'cashier']],
  ['POST', `/v1/staff/payments/${id}/vouchers`, ['desk', 'ill-librarian', 'cashier']],
  ['GET', `/v1/staff/payments/${id}/vouchers/${id}/file`, ['desk', 'ill-librarian', 'cashier']],
  ['GET', '/v1/staff/reconciliations', ['cashier']],
  ['POST', '/v1/staff/reconciliations', ['cashier']],
  ['GET', `/v1/staff/reconciliations/${id}`, ['cashier']],
  ['GET', `/v1/staff/reconciliations/${id}/differences.csv`, ['cashier']],
  ['GET', '/v1/staff/settlement-files', ['cashier']],
  ['POST', '/v1/staff/settlement-files', ['cashier']],
  ['GET', '/v1/staff/terminal-totals', ['cashier']],
  ['POST', '/v1/staff/terminal-totals', ['cashier']],
  ['POST', `/v1/staff/waivers/${id}/reversal`, ['cashier']],
  ['POST', `/v1/staff/charges/${id}/reversal`, ['cashier']],
  ['POST', `/v1/staff/differences/${id}/assignment`, ['cashier']],
  ['GET', '/v1/staff/peer-balances', ['ill-librarian', 'cashier']],
  ['GET', '/v1/staff/library-settlements', ['ill-librarian', 'cashier']],
  ['POST', '/v1/staff/library-settlements', ['ill-librarian', 'cashier']],
  ['GET', `/v1/staff/library-settlements/${id}`, ['ill-librarian', 'cashier']],
  ['GET', `/v1/staff/library-settlements/${id}/statement.pdf`, ['ill-librarian', 'cashier']],
  ['GET', `/v1/staff/library-settlements/${id}/statement.csv`, ['ill-librarian', 'cashier']],
  ['GET', `/v1/staff/library-settlements/${id}/statement.xlsx`, ['ill-librarian', 'cashier']],
  ['POST', `/v1/staff/library-settlements/${id}/sendings`, ['ill-librarian', 'cashier']],
  ['POST', `/v1/staff/library-settlements/${id}/confirmations`, ['ill-librarian', 'cashier']],
  ['POST', `/v1/staff/library-settlements/${id}/disputes`, ['ill-librarian', 'cashier']],
  ['POST', `/v1/staff/library-settlements/${id}/decisions`, ['ill-librarian', 'cashier']],
  ['POST', `/v1/staff/library-settlements/${id}/payments`, ['cashier']],
  ['POST', `/v1/staff/library-settlements/${id}/withdrawal`, ['ill-librarian', 'cashier']],
  ['PUT', `/v1/staff/library-settlements/${id}/their-statement`, ['ill-librarian', 'cashier']],
  ['PUT', `/v1/staff/library-settlements/${id}/their-statement.csv`, ['ill-librarian', 'cashier']],
  ['GET', '/v1/staff/library-nettings', ['ill-librarian', 'cashier']],
  ['POST', '/v1/staff/library-nettings', ['cashier']],
  ['POST', `/v1/staff/library-nettings/${id}/payments`, ['cashier']],
  ['GET', '/v1/staff/statistics/groups', ['administrator']],
  ['GET', '/v1/staff/statistics/groups.csv', ['administrator']],
];

test.each(staffRoles)('A13 what the role %s may and may not do', async (role) => {
  const { token } = await edge.staff([role]);
  const found: string[] = [];
  for (const [method, path, roles] of table) {
    const headers = { 'idempotency-key': uuid() };
    const { status } = await edge.call(method, path, { token, headers });
    const letIn = status !== 401 && status !== 403;
    if (letIn !== (roles.includes(role) || role === 'administrator'))
      found.push(`${method} ${path}: ${status}`);
  }
  expect(found).toEqual([]);
});

test('A13 the table names every route of the staff', async () => {
  const { body: document } = await edge.call('GET', '/openapi.json');
  const routes = Object.entries<object>(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const shape = (path: string) =>
    path
      .replace(/\?.*/, '')
      .replaceAll(/\{\w+\}|:?[\da-f-]{36}|\bb1\b/g, '*')
      .replace('hold*', '*');
  const named = new Set(table.map(([method, path]) => `${method} ${shape(path)}`));
  const staff = routes.filter(
    (each) => each.includes('/v1/staff/') && !/\/v1\/staff\/sessions(\/code)?$/.test(each),
  );
  expect(staff.map(shape).filter((each) => !named.has(each))).toEqual([]);
});
