import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { IllAttempt, IllRequest } from '../../db/entities/index.ts';
import { forwardedId } from '../../activities/supply/centre/forward.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { illOf } from '../support/ill-policy.ts';
import { createRequester, requestBody, requester } from '../support/outside-requests.ts';

const begin = Date.parse('2026-11-23T01:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;
const gamma = { name: 'gamma', url: 'http://gamma.example', edition: '2021' } as const;
const delta = { name: 'delta', url: 'http://delta.example', edition: '1.2' } as const;

let bench: ActivityBench;
let beta: ReturnType<typeof createRequester>;
beforeAll(async () => {
  bench = await startActivities({
    change: (policy) => ({
      ...policy,
      ill: illOf('alpha', [requester, gamma, delta], { centre: { members: ['beta'] } }),
    }),
  });
  beta = createRequester(bench);
});
afterAll(() => bench.stop());

const address = { physicalAddress: { line1: '1 Reader Street', locality: 'Hangzhou' } };
const forReader = {
  requestedDeliveryInfo: [{ sortOrder: 1, address }],
  patronInfo: { surname: 'Personal', patronId: '0815', sendToPatron: 'Y' },
};

const em = () => bench.orm.em.fork();
const own = (supplyId: string) => em().findOneOrFail(IllRequest, { id: forwardedId(supplyId) });

/** The own request's process looks, as it does when roused. */
const lookOwn = (supplyId: string, now: number) =>
  bench.activities.lookAtRequest({ requestId: forwardedId(supplyId), now });

async function attemptOf(supplyId: string) {
  const { attemptId } = await own(supplyId);
  return em().findOneOrFail(IllAttempt, { id: attemptId ?? '' });
}

/** A supplier's message about the attempt under way; then both processes look. */
async function supplierSays(supplyId: string, body: { messageInfo: object; statusInfo: object }, at: number) {
  const attempt = await attemptOf(supplyId);
  await em().execute(
    `insert into ill_message (id, library, peer, direction, about, about_id, name, says, request_ref, said_at, hash, body, state, stored_at)
     values (?, ?, ?, 'in', 'attempt', ?, 'supplyingAgencyMessage', 'x', ?, ?, ?, ?, 'stored', ?)`,
    [
      uuid(),
      bench.build.library,
      attempt.peer,
      attempt.id,
      attempt.ourRef,
      new Date(at),
      uuid(),
      JSON.stringify(body),
      new Date(at),
    ],
  );
  await lookOwn(supplyId, at);
  await beta.look(supplyId, at);
}

const status = (value: string, more: object = {}) => ({
  status: value,
  lastChange: '2026-11-23T00:00:00Z',
  ...more,
});
const change = { reasonForMessage: 'StatusChange' };
const response = { reasonForMessage: 'RequestResponse' };

/** Everything that was said to a supplier, latest last. */
const askedOf = async (supplyId: string) =>
  (
    await em().execute<{ peer: string; says: string }[]>(
      `select message.peer, says from ill_message message join ill_attempt attempt on attempt.id = message.about_id
       where attempt.request_id = ? and direction = 'out' order by message.seq`,
      [forwardedId(supplyId)],
    )
  ).map(({ peer, says }) => `${peer} ${says}`);

const saysTo = async (supplyId: string) => (await beta.said(supplyId)).map(({ says }) => says);

async function passedOn(ref: string, at: number, more: object = {}) {
  const id = await beta.request(ref, at, requestBody({ rest: { ...forReader, ...more } }));
  await lookOwn(id, at);
  if ((await own(id)).state === 'choosing') {
    await bench.activities.lookUpHoldings({ requestId: forwardedId(id), now: at });
    await lookOwn(id, at);
  }
  await beta.look(id, at);
  return id;
}

describe('a centre', () => {
  test('I5 passes a member’s loan on, its supplier’s word back, and the way home', async () => {
    const id = await passedOn('c1', begin);
    expect(await own(id)).toMatchObject({ onBehalfOf: id, patronId: null, state: 'requested' });
    expect(bench.woken).toContain(`ill:${forwardedId(id)}`);
    const attempt = await attemptOf(id);
    const [request] = await em().execute<{ body: object }[]>(
      `select body from ill_message where about_id = ? and direction = 'out'`,
      [attempt.id],
    );
    expect(request?.body).toMatchObject(forReader);

    await supplierSays(id, { messageInfo: response, statusInfo: status('WillSupply') }, begin + hour);
    const dueDate = '2026-12-24T15:00:00Z';
    const deliveryInfo = {
      dateSent: '2026-11-24T00:00:00Z',
      sentToPatron: true,
      deliveryCosts: [{ currencyCode: { value: 'EUR' }, monetaryValue: '3.50' }],
    };
    const shipped = { messageInfo: change, statusInfo: status('Loaned', { dueDate }), deliveryInfo };
    await supplierSays(id, shipped, begin + day);
    expect(await own(id)).toMatchObject({ state: 'received', direct: true });
    expect(await beta.row(id)).toMatchObject({ status: 'Loaned', cost_minor: '350' });

    await beta.does('c1', 'Received', begin + 2 * day);
    await beta.does('c1', 'Renew', begin + 3 * day);
    const renewed = { messageInfo: { reasonForMessage: 'RenewResponse', answerYesNo: 'Y' } };
    const later = status('Loaned', { dueDate: '2027-01-21T15:00:00Z' });
    await supplierSays(id, { ...renewed, statusInfo: later }, begin + 4 * day);
    await beta.does('c1', 'ShippedReturn', begin + 5 * day);
    await supplierSays(id, { messageInfo: change, statusInfo: status('LoanCompleted') }, begin + 6 * day);

    expect(await saysTo(id)).toEqual([
      'RequestResponse/RequestReceived',
      'RequestResponse/WillSupply',
      'StatusChange/Loaned',
      'RenewResponse/Loaned',
      'StatusChange/LoanCompleted',
    ]);
    expect(await askedOf(id)).toEqual([
      `${attempt.peer} New`,
      `${attempt.peer} Received`,
      `${attempt.peer} Renew`,
      `${attempt.peer} ShippedReturn`,
    ]);
    expect(await own(id)).toMatchObject({ state: 'completed' });
    expect(await beta.row(id)).toMatchObject({ status: 'LoanCompleted', renewals: 1 });
  });

  test.each(['Y', 'N'])('I5 passes a supplier’s answer to a renewal on as it is: %s', async (answerYesNo) => {
    const ref = `renewed-${answerYesNo}`;
    const id = await passedOn(ref, begin);
    const dueDate = '2026-12-24T15:00:00Z';
    const loaned = status('Loaned', { dueDate });
    await supplierSays(id, { messageInfo: response, statusInfo: loaned }, begin + hour);
    await beta.does(ref, 'Renew', begin + 2 * hour);
    const answer = { messageInfo: { reasonForMessage: 'RenewResponse', answerYesNo }, statusInfo: loaned };
    await supplierSays(id, answer, begin + 3 * hour);
    expect((await beta.said(id)).at(-1)).toMatchObject({
      says: 'RenewResponse/Loaned',
      messageInfo: { answerYesNo },
    });
    expect(await beta.row(id)).toMatchObject({ renewals: answerYesNo === 'Y' ? 1 : 0, waits_for: null });
  });

  test('I5 goes from supplier to supplier, and tells the member only the end', async () => {
    const id = await passedOn('c2', begin);
    const unfilled = (reason: string) => ({
      messageInfo: { ...response, reasonUnfilled: { value: reason } },
      statusInfo: status('Unfilled'),
    });
    const first = (await attemptOf(id)).peer;
    await supplierSays(id, unfilled('NotOnShelf'), begin + hour);
    const second = (await attemptOf(id)).peer;
    expect(second).not.toBe(first);
    expect(await saysTo(id)).toEqual(['RequestResponse/RequestReceived']);
    await supplierSays(id, unfilled('NotHeld'), begin + 2 * hour);
    expect(await saysTo(id)).toEqual(['RequestResponse/RequestReceived', 'RequestResponse/Unfilled']);
    expect((await beta.said(id)).at(-1)).toMatchObject({
      messageInfo: { reasonUnfilled: { value: 'NotHeld' }, note: 'NotOnShelf, NotHeld' },
    });
  });

  test('I9 a document’s address goes to the member, and with it all is done', async () => {
    const body = { serviceInfo: { requestType: 'New', serviceType: 'Copy' } };
    const id = await passedOn('c3', begin, body);
    const deliveryInfo = {
      dateSent: '2026-11-24T00:00:00Z',
      URL: 'https://gamma.example/d/1',
      deliveryMethod: { value: 'URL' },
    };
    await supplierSays(
      id,
      { messageInfo: response, statusInfo: status('CopyCompleted'), deliveryInfo } as never,
      begin + hour,
    );
    expect((await beta.said(id)).at(-1)).toMatchObject({
      says: 'RequestResponse/CopyCompleted',
      deliveryInfo: { URL: 'https://gamma.example/d/1' },
    });
    expect(await own(id)).toMatchObject({ state: 'completed' });
  });

  test('I5 a member gives up: before it was shipped with the supplier’s consent, afterwards in vain', async () => {
    const won = await passedOn('c4', begin);
    await beta.does('c4', 'Cancel', begin + hour);
    expect(await beta.row(won)).toMatchObject({ waits_for: 'cancel', status: 'RequestReceived' });
    const yes = {
      messageInfo: { reasonForMessage: 'CancelResponse', answerYesNo: 'Y' },
      statusInfo: status('Cancelled'),
    };
    await supplierSays(won, yes, begin + 2 * hour);
    expect((await saysTo(won)).at(-1)).toBe('CancelResponse/Cancelled');

    const lost = await passedOn('c5', begin);
    await beta.does('c5', 'Cancel', begin + hour);
    const dueDate = '2026-12-24T15:00:00Z';
    await supplierSays(
      lost,
      { messageInfo: change, statusInfo: status('Loaned', { dueDate }) },
      begin + 2 * hour,
    );
    expect((await saysTo(lost)).slice(1)).toEqual(['RequestResponse/Loaned', 'CancelResponse/Loaned']);
  });

  test('I5 a condition goes to the member, and its consent to the supplier', async () => {
    const id = await passedOn('c6', begin);
    const deliveryInfo = { dateSent: '2026-11-24T00:00:00Z', loanCondition: [{ value: 'LibraryUseOnly' }] };
    await supplierSays(
      id,
      { messageInfo: response, statusInfo: status('WillSupply'), deliveryInfo } as never,
      begin + hour,
    );
    expect((await beta.said(id)).at(-1)).toMatchObject({
      deliveryInfo: { loanCondition: [{ value: 'LibraryUseOnly' }] },
    });
    expect(await beta.row(id)).toMatchObject({ waits_for: 'condition' });
    await beta.does('c6', 'Notification', begin + 2 * hour, { note: 'Agreed.' });
    expect((await askedOf(id)).at(-1)).toMatch(/Notification$/u);
    expect(await beta.row(id)).toMatchObject({ waits_for: null });
  });

  test('I15 what a supplier gets for a lost thing the member owes to the centre, and hears of it after the end', async () => {
    const id = await passedOn('c-lost', begin);
    await supplierSays(id, { messageInfo: change, statusInfo: status('Loaned') }, begin + day);
    await beta.does('c-lost', 'Lost', begin + 2 * day);
    await lookOwn(id, begin + 2 * day);
    await beta.look(id, begin + 2 * day);
    expect(await beta.row(id)).toMatchObject({ status: 'CompletedWithoutReturn' });
    const deliveryInfo = {
      dateSent: '2026-11-24T00:00:00Z',
      deliveryCosts: [{ currencyCode: { value: 'EUR' }, monetaryValue: '28.00' }],
    };
    const closed = { messageInfo: change, statusInfo: status('CompletedWithoutReturn'), deliveryInfo };
    await supplierSays(id, closed, begin + 3 * day);
    await beta.look(id, begin + 3 * day);
    const booked = await em().execute(
      `select side, amount::int, currency from ill_transaction where library = ? and kind = 'lost' order by side`,
      [bench.build.library],
    );
    expect(booked).toEqual([
      { side: 'requester', amount: -2800, currency: 'EUR' },
      { side: 'supplier', amount: 2800, currency: 'EUR' },
    ]);
    expect((await saysTo(id)).slice(-2)).toEqual([
      'StatusChange/CompletedWithoutReturn',
      'Notification/CompletedWithoutReturn',
    ]);
  });

  test('I5 I15 what a supplier gives up is the member’s to settle with its reader: the centre is asked nothing', async () => {
    const id = await passedOn('c-given-up', begin);
    await supplierSays(id, { messageInfo: change, statusInfo: status('Loaned') }, begin + day);
    await beta.look(id, begin + day);
    await supplierSays(
      id,
      { messageInfo: change, statusInfo: status('CompletedWithoutReturn') },
      begin + 2 * day,
    );
    await beta.look(id, begin + 2 * day);
    expect(await beta.row(id)).toMatchObject({ status: 'CompletedWithoutReturn' });
    expect(await em().execute('select kind from task where subject_id = ?', [forwardedId(id)])).toEqual([]);
  });

  test('I5 looking again, after whatever crash, says nothing twice', async () => {
    const id = await passedOn('c7', begin);
    await supplierSays(id, { messageInfo: response, statusInfo: status('WillSupply') }, begin + hour);
    await beta.store({ ref: 'c7', body: { action: 'Cancel' }, at: begin + 2 * hour });
    const before = await saysTo(id);
    await Promise.all([1, 2, 3].map(() => bench.perform(() => beta.look(id, begin + 2 * hour))));
    await Promise.all([1, 2].map(() => lookOwn(id, begin + 2 * hour)));
    expect(await saysTo(id)).toEqual(before);
    expect((await askedOf(id)).filter((each) => each.endsWith('Cancel'))).toHaveLength(1);
  });
});
