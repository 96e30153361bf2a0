import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { queueNotice } from '../../activities/notices/queue-notice.ts';
import { paymentSubject } from '../../activities/record.ts';
import { Patron, Payment } from '../../db/entities/index.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type BankDesk, createBankDesk } from '../support/bank-desk.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';

let carrel: Carrel;
let desk: BankDesk;
beforeAll(async () => {
  carrel = await startCarrel();
  desk = await createBankDesk(carrel);
}, 60_000);
afterAll(() => carrel?.stop());

const reason = 'Looked at the paper';

test('P9 the till’s cash is carried to the bank: the cashier finds it for the bank’s entry with one click, and the list says that it has arrived', async () => {
  const { body: till } = await desk.cashier.post('/v1/staff/drawers', {
    branch: 'north',
    countMinor: 90_000,
  });
  const movement = { direction: 'out', place: 'bank', amountMinor: 84_000, reason };
  expect((await desk.cashier.post(`/v1/staff/drawers/${till.sessionId}/movements`, movement)).status).toBe(
    201,
  );
  const [entry = ''] = await desk.statement({ amount: '839.50', text: 'SB-Einzahlung' });
  const [suggestion] = (await desk.entry(entry)).suggestions;
  expect(suggestion).toMatchObject({
    reasons: [{ code: 'cash' }, { code: 'amount-counted', text: expect.any(String) }, { code: 'date' }],
    parts: [
      {
        to: 'cash',
        amount: { amountMinor: 83_950 },
        cash: {
          branch: { code: 'north', name: 'North Branch' },
          carried: { amountMinor: 84_000 },
          difference: { amountMinor: -50 },
        },
      },
    ],
  });
  const waiting = async () => (await desk.cashier.get('/v1/staff/carried-cash?waiting=true')).body.items;
  expect(await waiting()).toMatchObject([{ direction: 'to-bank', note: reason, arrived: null }]);
  const accepted = await desk.decide(entry, 'acceptance', { suggestion: suggestion.id });
  expect(accepted.body).toMatchObject({ outcome: 'carried-differs', open: { amountMinor: 0 } });
  expect(await waiting()).toEqual([]);
  const { body } = await desk.cashier.get('/v1/staff/carried-cash?branch=north');
  expect(body.items).toMatchObject([{ arrived: { entryId: entry } }]);
});

test('P9 a reader’s transfer is found by its reference, settles the payment, and the reader has the receipt by mail', async () => {
  const { reader, paymentId, text } = await desk.transferring(1250);
  const [entry = ''] = await desk.statement({ amount: '12.50', text });
  expect(await desk.entry(entry)).toMatchObject({
    entry: { state: 'matched' },
    outcome: 'exact',
    open: { amountMinor: 0 },
    suggestions: [],
  });
  expect(await reader.seen(paymentId)).toMatchObject({ state: 'settled' });
  expect(await desk.mailed(reader.id, 'payment-received')).toHaveLength(1);
});

test('P9 too little: the reader is told by mail what is left', async () => {
  const { reader, text } = await desk.transferring(1000);
  const [entry = ''] = await desk.statement({ amount: '7.00', text });
  expect(await desk.entry(entry)).toMatchObject({ outcome: 'short' });
  const [mail] = await desk.mailed(reader.id, 'payment-short');
  expect(mail?.body_text).toMatch(/3[.,]00/);
});

test('P9 paid twice: the reader is told; the cashier sends it back, a task until the bank’s entry of that appears', async () => {
  const { reader, text } = await desk.transferring(880, { name: 'Dora Doppel' });
  await desk.statement({ amount: '8.80', text });
  const [second = ''] = await desk.statement({ amount: '8.80', text, name: 'Dora Doppel' });
  expect(await desk.entry(second)).toMatchObject({ outcome: 'double' });
  await desk.mailed(reader.id, 'payment-double');
  expect(await desk.credit(reader.id)).toBe(880);
  expect((await desk.decide(second, 'return', { reason })).status).toBe(200);
  expect(await desk.credit(reader.id)).toBe(0);
  expect(await desk.tasks('bank-return', second)).toMatchObject([
    { kind: 'bank-return', subjectType: 'bank-entry', link: `/v1/staff/bank-entries/${second}` },
  ]);
  const [sent = ''] = await desk.statement({ amount: '-8.80', name: 'Dora Doppel', text: 'Refund' });
  expect(await desk.entry(sent)).toMatchObject({ outcome: 'sent-back' });
  expect(await desk.tasks('bank-return', second)).toEqual([]);
});

test('P9 money that nobody knows is a task of the cashier’s, who shares it out, undoes that, and says that it is none of the readers’', async () => {
  const [one, other] = [await desk.transferring(2100), await desk.transferring(900)];
  const [entry = ''] = await desk.statement({ amount: '30.00', text: 'for both' });
  const [task] = await desk.tasks('bank-entry', entry);
  expect(task).toMatchObject({ subjectType: 'bank-entry', link: `/v1/staff/bank-entries/${entry}` });
  expect((await desk.cashier.get(task.link)).body).toMatchObject({ entry: { id: entry } });
  const settled = await desk.cashier.post(`/v1/staff/tasks/${task.id}/resolution`, { outcome: 'settled' });
  expect(settled.body).toMatchObject({ code: 'task-by-decision' });
  const parts = [
    { paymentId: one.paymentId, amountMinor: 2100 },
    { paymentId: other.paymentId, amountMinor: 900 },
  ];
  const shared = await desk.decide(entry, 'assignment', { parts });
  expect(shared).toMatchObject({ status: 200, body: { outcome: 'split', entry: { state: 'matched' } } });
  for (const { reader } of [one, other])
    expect(await desk.mailed(reader.id, 'payment-received')).toHaveLength(1);
  const undone = await desk.decide(entry, 'undoing', { reason });
  expect(undone).toMatchObject({
    status: 200,
    body: { entry: { state: 'suspended' }, open: { amountMinor: 3000 } },
  });
  expect(await desk.tasks('bank-entry', entry)).toHaveLength(1);
  const ignored = await desk.decide(entry, 'dismissal', { reason });
  expect(ignored).toMatchObject({ status: 200, body: { entry: { state: 'ignored' }, outcome: 'ignored' } });
  expect(await desk.tasks('bank-entry', entry)).toEqual([]);
});

test('P9 a parent’s transfer without a reference is suggested with its reasons, and accepted with one click', async () => {
  const { reader, paymentId } = await desk.transferring(4321, { name: 'Klara Einzigmann' });
  const [entry = ''] = await desk.statement({ amount: '43.21', name: 'Otto Einzigmann', text: 'fees' });
  const { suggestions } = await desk.entry(entry);
  expect(suggestions[0]).toMatchObject({
    reasons: expect.arrayContaining([{ code: 'amount', text: expect.any(String) }]),
    parts: [{ to: 'payment', paymentId, reader: { id: reader.id } }],
  });
  const accepted = await desk.decide(entry, 'acceptance', { suggestion: suggestions[0].id });
  expect(accepted).toMatchObject({ status: 200, body: { outcome: 'exact', decidedBy: expect.any(String) } });
  expect(await desk.stateOf(paymentId)).toBe('settled');
});

test('P9 a transfer that came back is open again, and the reader is told', async () => {
  const { reader, text } = await desk.transferring(640);
  await desk.statement({ amount: '6.40', text });
  const [back = ''] = await desk.statement({ amount: '-9.40', text, returned: true });
  expect(await desk.entry(back)).toMatchObject({ outcome: 'returned', entry: { state: 'matched' } });
  const [mail] = await desk.mailed(reader.id, 'payment-returned');
  expect(mail?.body_text).toMatch(/6[.,]40/);
  const open = await desk.sql('select id from charge where patron_id = ? and remaining = 640', [reader.id]);
  expect(open).toHaveLength(1);
});

test('P9 a transfer that came back after it was used is charged to its payer with one click; the reader is told and owes it', async () => {
  const { reader, text } = await desk.transferring(500);
  await desk.statement({ amount: '5.00', text });
  await desk.statement({ amount: '5.00', text });
  await reader.charge(500);
  expect(await desk.credit(reader.id)).toBe(0);
  const [first = '', second = ''] = await desk.statement(
    { amount: '-5.00', text, returned: true },
    { amount: '-5.00', text, returned: true },
  );
  for (const back of [first, second]) {
    const { suggestions } = await desk.entry(back);
    const body = { suggestion: suggestions[0].id };
    const accepted = await desk.decide(back, 'acceptance', body);
    expect(accepted).toMatchObject({ status: 200, body: { entry: { state: 'matched' } } });
  }
  const charges = await desk.sql<{ cause: string; remaining: number }>(
    'select cause, remaining::int from charge where patron_id = ? and remaining > 0',
    [reader.id],
  );
  expect(charges.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(1000);
  expect(charges).toEqual(expect.arrayContaining([{ cause: 'returned-payment', remaining: 500 }]));
  await desk.mailed(reader.id, 'payment-returned');
});

test('P9 two cashiers decide on one entry at once: one is heard, the other is told who was quicker', async () => {
  const rival = await desk.staff('cashier');
  const { reader, paymentId } = await desk.transferring(3777, { name: 'Berta Zweikass' });
  const [entry = ''] = await desk.statement({ amount: '37.77', name: 'Egon Zweikass', text: 'fees' });
  const [suggestion] = (await desk.entry(entry)).suggestions;
  const answers = await Promise.all([
    desk.decide(entry, 'acceptance', { suggestion: suggestion.id }),
    desk.decide(entry, 'assignment', { parts: [{ patronId: reader.id, amountMinor: 3777 }] }, rival),
  ]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body).toMatchObject({ code: 'entry-decided' });
  expect(await desk.entry(entry)).toMatchObject({ decidedBy: expect.any(String) });
  const paid = (await desk.stateOf(paymentId)) === 'settled';
  expect([paid, await desk.credit(reader.id)]).toEqual(paid ? [true, 0] : [false, 3777]);
});

test('P9 G1 a worker that died between the booking and telling of it loses nothing: the sweep finds who has not been told', async () => {
  const { reader, paymentId, text } = await desk.transferring(710);
  await desk.statement({ amount: '7.10', text });
  await desk.mailed(reader.id, 'payment-received');
  const running = `ExecutionStatus = 'Running' AND WorkflowId = 'payment:${paymentId}'`;
  await until(
    () => carrel.client.workflow.count(running),
    ({ count }) => count === 0,
  );
  await inTransaction(carrel.orm, async (tx) => {
    const patron = await tx.findOneOrFail(Patron, { id: reader.id });
    const payment = await tx.findOneOrFail(Payment, { id: paymentId });
    const content = { amountMinor: 710, otherMinor: 710, currency: 'EUR' };
    const at = new Date();
    const notice = { kind: 'payment-double', cause: uuid(), at, content } as const;
    await queueNotice(tx, carrel.policy, patron, paymentSubject(payment), notice);
  });
  await desk.sql(`update payment set begun_at = begun_at - interval '5 minutes' where id = ?`, [paymentId]);
  const { client, taskQueue } = carrel;
  await client.workflow.execute('sweep', { workflowId: `sweep-${uuid()}`, taskQueue, args: [] });
  expect(await desk.mailed(reader.id, 'payment-double')).toHaveLength(1);
});
