import { v7 as uuid } from 'uuid';
import {
  Allocation,
  Application,
  ApplicationForm,
  Charge,
  Closure,
  Hold,
  Journal,
  Loan,
  Notice,
  Task,
} from '../../db/entities/index.ts';
import type { Edge } from './edge.ts';
import { createDraft, createMessage, createRequest } from './ill-objects.ts';
import {
  createDrawer,
  createReceipt,
  deskBodies,
  entryBodies,
  createBankEntry,
  createBankFile,
} from './money-objects.ts';
import { createSettlement, settlementBodies } from './settlement-objects.ts';
import { deliveryBodies } from './delivery-objects.ts';
import { requestActBodies } from './request-objects.ts';
import { createSupply, supplyBodies } from './supply-objects.ts';

/** What a route with an id in its path is tried with: a row the caller must not reach, and a body that would do if it were theirs. */
export interface OutOfReach {
  readonly params: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Library = 'demo' | 'chikushino';

/** Rows of others: of the library `chikushino`, or of other readers of `demo`, where the callers of the access test are. */
async function elsewhere(edge: Edge, library: Library) {
  const at = new Date(edge.clock.now);
  const build = library === 'demo' ? edge.build : edge.elsewhere;
  const patron = await build.patron();
  const member = await build.staff('desk');
  const title = await build.title();
  const item = await build.item(title.id);
  const rows = edge.orm.em.fork();
  const hold = rows.create(Hold, {
    id: uuid(),
    library,
    patronId: patron.id,
    titleId: title.id,
    kind: 'book',
    state: 'waiting',
    pickupPlace: 'main',
    contact: 'none',
    channel: 'web',
    placedBy: `patron:${patron.id}`,
    placedAt: at,
  });
  const loan = rows.create(Loan, {
    id: uuid(),
    library,
    patronId: patron.id,
    titleId: title.id,
    itemId: item.id,
    kind: 'book',
    branch: 'main',
    checkedOutAt: at,
    checkedOutBy: 'system',
    dueAt: at,
    renewals: 0,
  });
  const notice = rows.create(Notice, {
    id: uuid(),
    library,
    patronId: patron.id,
    kind: 'placed',
    subjectType: 'hold',
    subjectId: hold.id,
    cause: 'placed',
    channel: 'message',
    state: 'shown',
    language: 'ja',
    content: {},
    attempts: 1,
    failures: 0,
    createdAt: at,
  });
  const task = rows.create(Task, {
    id: uuid(),
    library,
    kind: 'phone-reader',
    subjectType: 'hold',
    subjectId: hold.id,
    patronId: patron.id,
    workflowId: `hold:${hold.id}`,
    dueAt: at,
    createdAt: at,
  });
  const closure = rows.create(Closure, {
    id: uuid(),
    library,
    place: null,
    day: dayLongAgo(),
    reason: 'closed',
    createdBy: 'system',
    createdAt: at,
  });
  const application = rows.create(Application, {
    id: uuid(),
    library,
    procedure: 'web',
    state: 'questioned',
    version: 1,
    language: 'ja',
    patronId: patron.id,
    submittedAt: at,
    lapsesAt: at,
  });
  rows.create(ApplicationForm, {
    applicationId: application.id,
    version: 1,
    library,
    procedure: 'web',
    language: 'ja',
    name: '筑紫野 花子',
    email: 'hanako@library.example',
    submittedAt: at,
  });
  const payment = rows.create(Journal, {
    id: uuid(),
    library,
    operation: `payment:${uuid()}`,
    kind: 'payment-cash',
    patronId: patron.id,
    at,
    actor: 'system',
  });
  const booked = { library, patronId: patron.id, at, actor: 'system' } as const;
  const raised = rows.create(Journal, {
    id: uuid(),
    ...booked,
    operation: `charge:hold:${hold.id}`,
    kind: 'charge-hold',
  });
  const waiver = rows.create(Journal, {
    id: uuid(),
    ...booked,
    operation: `waiver:${uuid()}`,
    kind: 'waiver-hold',
  });
  await rows.flush();
  const charge = rows.create(Charge, {
    id: uuid(),
    library,
    patronId: patron.id,
    journalId: raised.id,
    cause: 'hold',
    subjectType: 'hold',
    subjectId: hold.id,
    amount: 100n,
    remaining: 50n,
    currency: 'JPY',
    raisedAt: at,
  });
  await rows.flush();
  rows.create(Allocation, { journalId: waiver.id, chargeId: charge.id, amount: 50n });
  await rows.flush();
  const receipt = await createReceipt(rows, payment.id, { library, patronId: patron.id, at });
  const drawer = await createDrawer(rows, { library, patronId: patron.id, at });
  const { report, difference } = await reconciled(edge, library, at);
  const request = await createRequest(rows, { library, patronId: patron.id, at });
  const draft = await createDraft(rows, at);
  const message = await createMessage(rows, { library, at });
  const supply = await createSupply(rows, { library, at });
  const settlement = await createSettlement(rows, { library, at });
  const bankFile = await createBankFile(rows, { library, at });
  const bankEntry = await createBankEntry(rows, bankFile.id, { library, at });
  return {
    settlement,
    request,
    draft,
    message,
    supply,
    bankFile,
    bankEntry,
    report,
    difference,
    receipt,
    drawer,
    charge,
    waiver,
    member,
    application,
    payment,
    patron,
    title,
    item,
    hold,
    loan,
    notice,
    task,
    closure,
  };
}

/** One of many, so that two rows seldom meet. */
const dayLongAgo = () => `${2000 + Math.floor(Math.random() * 900)}-01-01`;

/** A day's report with a difference. */
async function reconciled(edge: Edge, library: Library, at: Date) {
  const [report, difference] = [{ id: uuid() }, { id: uuid() }];
  const day = dayLongAgo();
  const em = edge.orm.em.fork();
  await em.execute(
    `insert into reconciliation (id, library, day, ends_at, first_run_at, run_at, actor, accounts) values (?, ?, ?, ?, ?, ?, 'system', '[]')`,
    [report.id, library, day, at, at, at],
  );
  await em.execute(
    `insert into difference (id, library, key, kind, subject_type, subject_id, amount, currency, since, role, found_at)
     values (?, ?, ?, 'gateway-unknown', 'gateway-money', 'pi_1', 100, 'EUR', ?, 'cashier', ?)`,
    [difference.id, library, difference.id, at, at],
  );
  return { report, difference };
}

type Rows = Awaited<ReturnType<typeof elsewhere>>;

/** By the beginning of the path; the first that fits counts. */
const rowsByPath: readonly (readonly [string, (rows: Rows) => OutOfReach])[] = [
  ['/v1/me/identities/:id', ({ patron }) => ({ params: { id: patron.id } })],
  ['/v1/me/request-drafts/:id', ({ draft }) => ({ params: { id: draft.id } })],
  ['/v1/me/requests/:id', ({ request }) => ({ params: { id: request.id } })],
  ['/v1/staff/messages/:id', ({ message }) => ({ params: { id: message.id } })],
  ['/v1/staff/peers/:code', () => ({ params: { code: 'theirs' } })],
  ['/v1/staff/outside-requests/:id', ({ supply }) => ({ params: { id: supply.id } })],
  ['/v1/staff/requests/:id', ({ request }) => ({ params: { id: request.id } })],
  ['/v1/me/account-links/:id', ({ patron }) => ({ params: { id: patron.id } })],
  ['/v1/me/notices/:id', ({ notice }) => ({ params: { id: notice.id } })],
  ['/v1/me/cart/:titleId', ({ title }) => ({ params: { titleId: title.id } })],
  ['/v1/me/applications/:id', ({ application }) => ({ params: { id: application.id } })],
  ['/v1/staff/applications/:id', ({ application }) => ({ params: { id: application.id } })],
  ['/v1/loans/:id', ({ loan }) => ({ params: { id: loan.id } })],
  ['/v1/holds/:id', ({ hold }) => ({ params: { id: hold.id } })],
  ['/v1/me/family/:id', ({ patron, hold }) => ({ params: { id: patron.id, holdId: hold.id } })],
  ['/v1/staff/members/:id', ({ member }) => ({ params: { id: member.id } })],
  ['/v1/staff/patrons/:id', ({ patron }) => ({ params: { id: patron.id } })],
  ['/v1/staff/holds/:id', ({ hold }) => ({ params: { id: hold.id } })],
  ['/v1/staff/loans/:id', ({ loan }) => ({ params: { id: loan.id } })],
  ['/v1/me/payments/:id', ({ payment }) => ({ params: { id: payment.id } })],
  ['/v1/staff/drawers/:id', ({ drawer }) => ({ params: { id: drawer.id } })],
  ['/v1/staff/payments/:id', ({ payment }) => ({ params: { id: payment.id } })],
  ['/v1/me/documents/:id', ({ receipt }) => ({ params: { id: receipt.id } })],
  ['/v1/staff/documents/:id', ({ receipt }) => ({ params: { id: receipt.id } })],
  ['/v1/me/charges/:id', ({ charge }) => ({ params: { id: charge.id } })],
  ['/v1/staff/charges/:id', ({ charge }) => ({ params: { id: charge.id } })],
  ['/v1/staff/finance-credits/:id', ({ waiver }) => ({ params: { id: waiver.id } })],
  ['/v1/staff/waivers/:id', ({ waiver }) => ({ params: { id: waiver.id } })],
  ['/v1/staff/reconciliations/:id', ({ report }) => ({ params: { id: report.id } })],
  ['/v1/staff/differences/:id', ({ difference }) => ({ params: { id: difference.id } })],
  ['/v1/staff/bank-statements/:id', ({ bankFile }) => ({ params: { id: bankFile.id } })],
  ['/v1/staff/bank-entries/:id', ({ bankEntry }) => ({ params: { id: bankEntry.id } })],
  ['/v1/staff/library-settlements/:id', ({ settlement }) => ({ params: { id: settlement.id } })],
  ['/v1/staff/library-nettings/:id', ({ settlement }) => ({ params: { id: settlement.id } })],
  ['/v1/staff/closures/:id', ({ closure }) => ({ params: { id: closure.id } })],
  ['/v1/staff/tasks/:id', ({ task }) => ({ params: { id: task.id } })],
  ['/v1/staff/notices/:id', ({ notice }) => ({ params: { id: notice.id } })],
  ['/v1/staff/items/:barcode', ({ item }) => ({ params: { barcode: item.barcode } })],
  ['/v1/staff/processes/:workflowId', ({ hold }) => ({ params: { workflowId: `hold:${hold.id}` } })],
];

/** Bodies, by method and path, for routes that need one before they look for the row. */
const bodies: Readonly<Record<string, unknown>> = {
  'patch /v1/staff/members/:id': { name: 'Somebody' },
  'put /v1/me/cart/:titleId': {},
  'post /v1/staff/holds/:id/changes': { contact: 'none' },
  'post /v1/staff/holds/:id/cancellation': { reason: 'asked for at the desk' },
  'post /v1/me/charges/:id/dispute': { text: 'It was not me.' },
  'post /v1/staff/patrons/:id/charges': { cause: 'other', amountMinor: 100, note: 'A mug' },
  'post /v1/staff/charges/:id/waivers': { reason: 'goodwill' },
  'post /v1/staff/charges/:id/reversal': { reason: 'wrong reader' },
  'post /v1/staff/charges/:id/dispute/decision': { decision: 'reject', note: 'No' },
  'post /v1/staff/waivers/:id/reversal': { reason: 'wrong reader' },
  'post /v1/staff/tasks/:id/resolution': { outcome: 'reached' },
  'post /v1/staff/peers/:code/changes': { change: 'pause' },
  'post /v1/staff/items/:barcode/marks': { state: 'lost' },
  'post /v1/staff/patrons/:id/blocks': { reason: 'manual' },
  'post /v1/staff/patrons/:id/closure': {},
  'post /v1/staff/patrons/:id/email-confirmations': { email: 'reader@library.example' },
  'post /v1/staff/patrons/:id/main-card': { card: '01234567' },
  'post /v1/staff/patrons/:id/sub-cards/handover': { card: null },
  'post /v1/staff/patrons/:id/family-consent': {},
  'post /v1/me/family/:id/holds': {
    titleId: '0190b0a4-0000-7000-8000-000000000000',
    pickupPlace: 'main',
    contact: 'none',
  },
  'post /v1/me/family/:id/holds/changes': {
    holds: ['0190b0a4-0000-7000-8000-000000000000'],
    contact: 'none',
  },
  'post /v1/me/family/:id/holds/cancellations': { holds: ['0190b0a4-0000-7000-8000-000000000000'] },
  'post /v1/me/family/:id/renewals': { loans: ['0190b0a4-0000-7000-8000-000000000000'] },
  'post /v1/staff/patrons/:id/erasure': { card: '01234567' },
  'post /v1/me/applications/:id/answers': { text: 'Here it is.' },
  'post /v1/me/applications/:id/versions': { fields: { name: 'Somebody else' } },
  'post /v1/staff/applications/:id/decisions': {
    decision: 'approve',
    seen: { state: 'questioned', version: 1 },
  },
  ...deskBodies,
  ...entryBodies,
  ...requestActBodies,
  ...deliveryBodies,
  ...supplyBodies,
  ...settlementBodies,
  'post /v1/staff/patrons/:id/payments': {
    lines: [{ chargeId: '0190b0a4-0000-7000-8000-000000000000', amountMinor: 1 }],
    branch: 'main',
  },
  'post /v1/me/payments/:id/invoices': { party: 'person', title: 'Somebody' },
  'post /v1/staff/payments/:id/invoices': { party: 'person', title: 'Somebody' },
  'post /v1/staff/differences/:id/acknowledgement': { reason: 'agreed with the bank' },
  'post /v1/staff/differences/:id/credit': { card: '01234567' },
  'post /v1/staff/differences/:id/assignment': { to: 'loss', reason: 'nobody knows' },
  'post /v1/staff/payments/:id/surplus-decision': { decision: 'keep' },
  'post /v1/staff/payments/:id/reversal': { reason: 'wrong reader' },
  'put /v1/me/payments/:id/payer': { name: 'Somebody' },
  'post /v1/staff/payments/:id/voucher-decisions': {
    decision: 'accept',
    seen: ['0190b0a4-0000-7000-8000-000000000000'],
  },
  'patch /v1/staff/patrons/:id/data': { phone: '092-000-0000' },
};

/** Finds, for a route with an id in its path, a row that exists and is out of the caller's reach. Throws when this file names none. */
export async function createOutOfReach(edge: Edge, library: Library = 'chikushino') {
  const rows = await elsewhere(edge, library);
  return (method: string, path: string): OutOfReach => {
    const found = rowsByPath.find(([beginning]) => path.startsWith(beginning));
    if (found === undefined) throw new Error(`test/api/objects.ts names no row for ${method} ${path}.`);
    const body = bodies[`${method} ${path}`];
    return { ...found[1](rows), ...(body !== undefined && { body }) };
  };
}
