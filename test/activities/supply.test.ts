import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createRequester, lends, requestBody } from '../support/outside-requests.ts';
import type { ActOnSupply } from '../../activities/supply/steps.ts';

const begin = Date.parse('2026-11-23T01:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;
const actor = 'staff:11111111-1111-7111-8111-111111111111';

let bench: ActivityBench;
let beta: ReturnType<typeof createRequester>;
let serial = 0;
beforeAll(async () => {
  bench = await startActivities({ change: lends() });
  beta = createRequester(bench);
});
afterAll(() => bench.stop());

type Wish<A> = A extends unknown ? Omit<A, 'supplyId' | 'actor' | 'operation' | 'now'> : never;

function act(supplyId: string, wish: Wish<ActOnSupply>, now: number, operation = `act ${(serial += 1)}`) {
  return bench.activities.actOnSupply({ ...wish, supplyId, actor, operation, now });
}

async function copyOnShelf(isbn: string) {
  const title = await bench.build.title({ isbns: [isbn] });
  return bench.build.item(title.id);
}

/** What was booked for a thing that will not come back. */
const lostOf = (aboutId: string) =>
  bench.rows(`select amount::int from ill_transaction where about_id = ? and kind = 'lost'`, [aboutId]);

const itemState = async (id: string) =>
  (await bench.rows<{ state: string }>('select state from item where id = ?', [id]))[0]?.state;

describe('what the policy answers by itself', () => {
  const automatic = { notHeld: 'unfilled', notAvailable: 'answer', onShelf: 'promise' } as const;

  test('I8 not held, not lent, on loan, on the shelf; others’ requests, and others’ services', async () => {
    const alone = await startActivities({
      change: lends({ lending: { automatic, to: ['beta'], services: ['loan'] } }),
    });
    try {
      const asks = createRequester(alone);
      const answer = async (ref: string, body: object) => {
        const id = await asks.request(ref, begin, body);
        const said = await asks.said(id);
        expect(said).toHaveLength(1);
        const { says, messageInfo } = said[0] as {
          says: string;
          messageInfo: Record<string, { value: string }>;
        };
        return [says, messageInfo.reasonUnfilled?.value ?? messageInfo.reasonRetry?.value];
      };
      const title = async (isbn: string, given: object) => {
        const { id } = await alone.build.title({ isbns: [isbn] });
        await alone.build.item(id, given);
        return requestBody({ isbn });
      };
      expect(await answer('p1', requestBody())).toEqual(['RequestResponse/Unfilled', 'NotHeld']);
      const noted = await title('9780000000101', { forLoan: false });
      expect(await answer('p2', noted)).toEqual(['RequestResponse/Unfilled', 'NonCirculating']);
      const out = await title('9780000000118', { state: 'lent-out' });
      expect(await answer('p3', out)).toEqual(['RequestResponse/RetryPossible', 'OnLoan']);
      const shelved = await title('9780000000125', {});
      expect(await answer('p4', shelved)).toEqual(['RequestResponse/WillSupply', undefined]);
      const copy = requestBody({ serviceType: 'Copy' });
      expect(await answer('p5', copy)).toEqual(['RequestResponse/Unfilled', 'PolicyProblem']);
    } finally {
      await alone.stop();
    }
  });
});

describe('an outside request', () => {
  test('I8 from the request that comes in to the copy that is back', async () => {
    const item = await copyOnShelf('9780000000019');
    const id = await beta.request('r1', begin, requestBody({ isbn: '9780000000019' }));
    expect(await beta.row(id)).toMatchObject({
      status: 'RequestReceived',
      waits_for: 'answer',
      peer: 'beta',
      advice: { answer: 'WillSupply', itemId: item.id },
    });

    await act(id, { act: 'promise' }, begin + hour);
    const shipped = await act(id, { act: 'ship', itemId: item.id, costMinor: 1200 }, begin + 2 * hour);
    expect(shipped).toMatchObject({ standing: { state: 'Loaned', ended: false } });
    expect(await itemState(item.id)).toBe('lent-out');

    await beta.does('r1', 'Received', begin + day);
    await beta.does('r1', 'ShippedReturn', begin + 2 * day);
    expect(await beta.row(id)).toMatchObject({ waits_for: 'return' });
    const scan = { scanId: 'scan 1', itemId: item.id, branch: 'main', actor, operation: 'scan 1' } as const;
    const back = await bench.activities.checkIn({ ...scan, now: begin + 3 * day });
    expect(back).toEqual({ instruction: { do: 'shelve' } });
    expect(bench.woken).toContain(`supply:${id}`);

    expect(await beta.row(id)).toMatchObject({ status: 'LoanCompleted', waits_for: null });
    expect(await itemState(item.id)).toBe('available');
    const said = await beta.said(id);
    expect(said.map(({ says }) => says)).toEqual([
      'RequestResponse/RequestReceived',
      'RequestResponse/WillSupply',
      'StatusChange/Loaned',
      'StatusChange/LoanCompleted',
    ]);
    expect(said[2]).toMatchObject({
      statusInfo: { dueDate: expect.any(String) },
      deliveryInfo: { itemId: [item.barcode], deliveryCosts: [{ monetaryValue: '12.00' }] },
    });
  });

  test('I8 unfilled with a reason; whoever answers second is told that it is over', async () => {
    const id = await beta.request('u1', begin);
    await act(id, { act: 'unfilled', reason: 'NotOnShelf' }, begin + hour);
    expect(await beta.row(id)).toMatchObject({ status: 'Unfilled', reason: 'NotOnShelf', waits_for: null });
    expect((await beta.said(id)).at(-1)).toMatchObject({
      says: 'RequestResponse/Unfilled',
      messageInfo: { reasonUnfilled: { value: 'NotOnShelf' } },
    });
    expect(await act(id, { act: 'promise' }, begin + hour)).toEqual({
      refused: [{ code: 'supply-ended', status: 'Unfilled' }],
    });
  });

  test('I8 an act that is done again answers the same and says nothing more', async () => {
    const id = await beta.request('u2', begin);
    const first = await act(id, { act: 'promise' }, begin + hour, 'the same');
    expect(await act(id, { act: 'promise' }, begin + 2 * hour, 'the same')).toEqual(first);
    expect(await beta.said(id)).toHaveLength(2);
    expect(await act(id, { act: 'promise' }, begin + 2 * hour)).toEqual({
      refused: [{ code: 'supply-moved-on', status: 'WillSupply' }],
    });
  });

  test('I8 on a condition, which a note accepts', async () => {
    const id = await beta.request('u3', begin);
    await act(id, { act: 'ask', condition: 'LibraryUseOnly' }, begin + hour);
    expect(await beta.row(id)).toMatchObject({ status: 'WillSupply', waits_for: 'condition' });
    await beta.does('u3', 'Notification', begin + 2 * hour, { note: 'Agreed.' });
    expect(await beta.row(id)).toMatchObject({ waits_for: 'ship' });
    await act(id, { act: 'ship', itemNote: 'K 17' }, begin + 3 * hour);
    expect((await beta.said(id)).at(-1)).toMatchObject({
      deliveryInfo: { itemId: ['K 17'], loanCondition: [{ value: 'LibraryUseOnly' }] },
    });
  });

  test('I8 possible if asked again: for so much, from a day on; the retry names the request before', async () => {
    const id = await beta.request('u4', begin);
    const offer = { offeredMinor: 2500, after: begin + 30 * day } as const;
    await act(id, { act: 'retry', reason: 'CostExceedsMaxCost', ...offer }, begin + hour);
    expect((await beta.said(id)).at(-1)).toMatchObject({
      says: 'RequestResponse/RetryPossible',
      messageInfo: { reasonRetry: { value: 'CostExceedsMaxCost' } },
      retryInfo: { offeredCosts: [{ monetaryValue: '25.00' }], retryAfter: '2026-12-23T01:00:00.000Z' },
    });
    const serviceInfo = {
      requestType: 'Retry',
      requestingAgencyPreviousRequestId: 'u4',
      serviceType: 'Loan',
    };
    const maximumCosts = { currencyCode: { value: bench.policy.currency }, monetaryValue: '25.00' };
    const again = await beta.request(
      'u4-2',
      begin + 2 * hour,
      requestBody({ rest: { serviceInfo, billingInfo: { maximumCosts } } }),
    );
    expect(await beta.row(again)).toMatchObject({ previous_ref: 'u4', limit_minor: '2500' });
  });

  test('I8 what is shipped is named: nothing is lent or supplied without saying what', async () => {
    const loan = await beta.request('named 1', begin);
    const unnamed = (service: 'loan' | 'copy') => ({ refused: [{ code: 'shipment-unnamed', service }] });
    expect(await act(loan, { act: 'ship' }, begin + hour)).toEqual(unnamed('loan'));
    expect(await act(loan, { act: 'ship', byPost: true }, begin + hour)).toEqual(unnamed('loan'));
    const copy = await beta.request('named 2', begin, requestBody({ serviceType: 'Copy' }));
    expect(await act(copy, { act: 'ship' }, begin + hour)).toEqual(unnamed('copy'));
    expect(await act(copy, { act: 'ship', documentId: uuid() }, begin + hour)).toEqual({
      refused: [{ code: 'supply-document-unknown' }],
    });
    expect(await act(copy, { act: 'ship', byPost: true }, begin + hour)).toHaveProperty(
      'standing.ended',
      true,
    );
    expect((await beta.said(copy)).at(-1)).toMatchObject({
      deliveryInfo: { deliveryMethod: { value: 'Mail' } },
    });
  });

  test('I8 a copy is completed by its address, and nothing is to return (I13)', async () => {
    const id = await beta.request('u5', begin, requestBody({ serviceType: 'Copy' }));
    const { id: author } = await bench.build.staff('ill-librarian');
    const [remark] = await bench.rows<{ id: string }>(
      `insert into remark (id, library, author, text, created_at) values (gen_random_uuid(), ?, ?, 'https://alpha.example/d', now()) returning id`,
      [bench.build.library, author],
    );
    await act(id, { act: 'ship', addressId: remark?.id ?? '', costMinor: 300 }, begin + hour);
    expect(await beta.row(id)).toMatchObject({ status: 'CopyCompleted', due_at: null, cost_minor: '300' });
    expect((await beta.said(id)).at(-1)).toMatchObject({
      says: 'RequestResponse/CopyCompleted',
      deliveryInfo: { URL: 'https://alpha.example/d', deliveryMethod: { value: 'URL' } },
    });
    await beta.does('u5', 'Received', begin + day);
    expect(await beta.row(id)).toMatchObject({ arrived_at: expect.anything() });
  });

  test('I8 cancelled before it was shipped: yes at once; afterwards: no', async () => {
    const before = await beta.request('u6', begin);
    await beta.does('u6', 'Cancel', begin + hour);
    expect(await beta.row(before)).toMatchObject({ status: 'Cancelled' });
    expect((await beta.said(before)).at(-1)).toMatchObject({
      says: 'CancelResponse/Cancelled',
      messageInfo: { answerYesNo: 'Y' },
    });
    const after = await beta.request('u7', begin);
    await act(after, { act: 'ship', itemNote: 'K 17' }, begin + hour);
    await beta.does('u7', 'Cancel', begin + 2 * hour);
    expect((await beta.said(after)).at(-1)).toMatchObject({
      says: 'CancelResponse/Loaned',
      messageInfo: { answerYesNo: 'N' },
    });
  });

  test('I13 renewed by the rule as often as it says, then no; recalled; overdue by itself; back after all', async () => {
    const id = await beta.request('u8', begin);
    await act(id, { act: 'ship', itemNote: 'K 17' }, begin);
    const due = (await beta.row(id))?.due_at as Date;
    await beta.does('u8', 'Renew', begin + 10 * day);
    const renewed = (await beta.row(id))?.due_at as Date;
    expect(new Date(renewed).getTime()).toBeGreaterThan(new Date(due).getTime());
    await beta.does('u8', 'Renew', begin + 11 * day);
    await act(id, { act: 'recall' }, begin + 12 * day);
    const overdue = new Date(renewed).getTime() + 4 * day;
    const standing = await beta.look(id, begin + 13 * day);
    expect(standing.wakeAt).toBeLessThan(overdue);
    await beta.look(id, overdue);
    await beta.look(id, overdue + day);
    await act(id, { act: 'receive-back', branch: 'main' }, overdue + 2 * day);
    expect((await beta.said(id)).map(({ says }) => says).slice(1)).toEqual([
      'RequestResponse/Loaned',
      'RenewResponse/Loaned',
      'RenewResponse/Loaned',
      'StatusChange/Recalled',
      'StatusChange/Overdue',
      'StatusChange/LoanCompleted',
    ]);
    const tasks = await bench.rows('select kind, outcome from task where subject_id = ?', [id]);
    expect(tasks).toEqual([{ kind: 'supply-overdue', outcome: 'settled' }]);
  });

  test('I12 an answer that is late shows as a task, once, and an answer settles it', async () => {
    const id = await beta.request('u9', begin);
    const standing = await beta.look(id, begin + hour);
    const answerBy = standing.wakeAt ?? 0;
    expect(answerBy).toBeGreaterThan(begin + 4 * day);
    await beta.look(id, answerBy);
    await beta.look(id, answerBy + day);
    const tasks = () => bench.rows('select kind, outcome from task where subject_id = ?', [id]);
    expect(await tasks()).toEqual([{ kind: 'supply-late', outcome: null }]);
    await act(id, { act: 'promise', expect: true }, answerBy + 2 * day);
    expect(await tasks()).toEqual([{ kind: 'supply-late', outcome: 'settled' }]);
  });

  test('I18 what was overtaken on the way changes nothing; where it stands is always told', async () => {
    const id = await beta.request('u10', begin);
    await act(id, { act: 'ship', itemNote: 'K 17' }, begin + hour);
    await beta.does('u10', 'ShippedReturn', begin + 3 * day);
    await beta.store({ ref: 'u10', body: { action: 'Renew' }, at: begin + 4 * day, saidAt: begin + 2 * day });
    await beta.does('u10', 'StatusRequest', begin + 4 * day);
    expect((await beta.said(id)).at(-1)?.says).toBe('StatusRequestResponse/Loaned');
    const states = await bench.rows<{ says: string; state: string }>(
      `select says, state from ill_message where about_id = ? and direction = 'in' order by seq`,
      [id],
    );
    expect(states.map(({ says, state }) => `${says} ${state}`)).toEqual([
      'New heeded',
      'ShippedReturn heeded',
      'Renew outdated',
      'StatusRequest heeded',
    ]);
  });

  test('I8 lost on the way: a copy of our own counts as lost', async () => {
    const item = await copyOnShelf('9780000000033');
    const id = await beta.request('u11', begin);
    await act(id, { act: 'ship', itemId: item.id }, begin + hour);
    await beta.does('u11', 'Lost', begin + 20 * day);
    expect(await beta.row(id)).toMatchObject({ status: 'CompletedWithoutReturn' });
    expect(await itemState(item.id)).toBe('lost');
    expect(await lostOf(id)).toEqual([]);
  });

  test('I15 a lost thing is owed for, once: what staff say, else the price of the copy that had arrived; the requester is told how much', async () => {
    const stated = await beta.request('u21', begin);
    await act(stated, { act: 'ship', itemNote: 'K 17' }, begin + hour);
    const wish = { act: 'lost', costMinor: 4500 } as const;
    await act(stated, wish, begin + 30 * day, 'lost u21');
    await act(stated, wish, begin + 30 * day, 'lost u21');
    expect(await lostOf(stated)).toEqual([{ amount: 4500 }]);

    const title = await bench.build.title({ isbns: ['9780000000217'] });
    const { id: itemId } = await bench.build.item(title.id, { price: 3200n });
    const priced = await beta.request('u22', begin);
    await act(priced, { act: 'ship', itemId }, begin + hour);
    await beta.does('u22', 'Received', begin + day);
    await beta.does('u22', 'Lost', begin + 20 * day);
    expect(await lostOf(priced)).toEqual([{ amount: 3200 }]);
    const deliveryCosts = [{ currencyCode: { value: bench.policy.currency }, monetaryValue: '32.00' }];
    expect((await beta.said(priced)).at(-1)).toMatchObject({ deliveryInfo: { deliveryCosts } });
  });

  test('I8 a copy that is out, kept or waited for is not lent a second time', async () => {
    const item = await copyOnShelf('9780000000040');
    const [one, other] = [await beta.request('u12', begin), await beta.request('u13', begin)];
    await act(one, { act: 'ship', itemId: item.id }, begin + hour);
    expect(await act(other, { act: 'ship', itemId: item.id }, begin + hour)).toEqual({
      refused: [{ code: 'item-lent-out' }],
    });
    expect(await beta.row(other)).toMatchObject({ status: 'RequestReceived' });
    const mark = { itemId: item.id, state: 'withdrawn', actor, operation: 'mark', now: begin } as const;
    expect(await bench.activities.markItem(mark)).toEqual({ refused: [{ code: 'item-lent-out' }] });
  });

  test('I8 a copy that comes back is its next reader’s', async () => {
    const item = await copyOnShelf('9780000000057');
    const id = await beta.request('u14', begin);
    await act(id, { act: 'ship', itemId: item.id }, begin + hour);
    const reader = await bench.build.patron();
    const holdId = '0190b0a4-0000-7000-8000-0000000000aa';
    await bench.activities.placeHold({
      holdId,
      library: bench.build.library,
      patronId: reader.id,
      titleId: item.titleId,
      pickupPlace: 'main',
      contact: 'none',
      channel: 'web',
      actor: `patron:${reader.id}`,
      now: begin + day,
    });
    await act(id, { act: 'receive-back', branch: 'main' }, begin + 2 * day);
    expect(await itemState(item.id)).toBe('hold-shelf');
    expect(bench.woken).toContain(`hold:${holdId}`);
  });

  test('I18 the request once more reminds, and a message that did not get through is staff’s to tell', async () => {
    const id = await beta.request('u15', begin);
    const reminder = requestBody({ rest: { serviceInfo: { requestType: 'Reminder', serviceType: 'Loan' } } });
    await beta.store({ name: 'request', ref: 'u15', body: reminder, at: begin + day });
    await bench.rows(`update ill_message set state = 'refused' where about_id = ? and direction = 'out'`, [
      id,
    ]);
    await beta.look(id, begin + day);
    expect(await beta.row(id)).toMatchObject({ status: 'RequestReceived', reminded_at: expect.anything() });
    expect(await beta.said(id)).toHaveLength(2);
    const tasks = await bench.rows('select kind, outcome from task where subject_id = ? order by kind', [id]);
    expect(tasks).toEqual([
      { kind: 'supply-late', outcome: null },
      { kind: 'supply-unsent', outcome: null },
    ]);
    await act(id, { act: 'promise' }, begin + 2 * day);
    const late = `select outcome from task where subject_id = ? and kind = 'supply-late'`;
    expect(await bench.rows(late, [id])).toEqual([{ outcome: 'settled' }]);
  });

  test('I8 of two who answer at once one is told that the other was quicker', async () => {
    for (let round = 0; round < 8; round += 1) {
      const id = await beta.request(`race ${round}`, begin);
      const answers = await Promise.all([
        bench.perform(() => act(id, { act: 'ship', itemNote: 'K 17' }, begin + hour)),
        bench.perform(() => act(id, { act: 'unfilled', reason: 'NotOnShelf' }, begin + hour)),
      ]);
      expect(answers.filter((each) => 'refused' in each)).toHaveLength(1);
      expect(await beta.said(id)).toHaveLength(2);
    }
  });

  test('I8 cancelled and shipped at once: whichever comes first, both sides hear the same', async () => {
    for (let round = 0; round < 8; round += 1) {
      const item = await copyOnShelf(`race ${round}`);
      const ref = `cancel ${round}`;
      const id = await beta.request(ref, begin);
      await beta.store({ ref, body: { action: 'Cancel' }, at: begin + hour });
      const [shipped] = await Promise.all([
        bench.perform(() => act(id, { act: 'ship', itemId: item.id }, begin + hour)),
        bench.perform(() => beta.look(id, begin + hour)),
      ]);
      const won = 'refused' in shipped;
      expect((await beta.said(id)).at(-1)).toMatchObject(
        won
          ? { says: 'CancelResponse/Cancelled', messageInfo: { answerYesNo: 'Y' } }
          : { says: 'CancelResponse/Loaned', messageInfo: { answerYesNo: 'N' } },
      );
      expect(await itemState(item.id)).toBe(won ? 'available' : 'lent-out');
    }
  });

  test('A12 the personal part of a request is emptied some time after its end', async () => {
    const id = await beta.request('e1', begin, requestBody({ note: 'For Ms Personal' }));
    await act(id, { act: 'unfilled', reason: 'NotHeld' }, begin + hour);
    const personal = async () =>
      bench.rows<{ told: boolean }>(
        `select delivery::text || content::text || (select coalesce(string_agg(body::text, ''), '') from ill_message where about_id = supply.id)
         like '%Personal%' as told from supply_request supply where id = ?`,
        [id],
      );
    await bench.activities.tidy({ now: begin + 80 * day });
    expect(await personal()).toEqual([{ told: true }]);
    await bench.activities.tidy({ now: begin + 92 * day });
    expect(await personal()).toEqual([{ told: false }]);
    expect(await beta.row(id)).toMatchObject({ title: 'The Left Hand of Darkness', status: 'Unfilled' });
  });

  test('G1 after all of this the books and the shelves agree', async () => {
    const own = await bench.audit(begin + 80 * day, 'P100D');
    expect(own.filter(({ name }) => name.startsWith('supply') || name.startsWith('item'))).toEqual([]);
  });
});
