import { afterEach, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import type { IllGiven } from '../support/ill-policy.ts';
import { createObtaining, withPeers } from '../support/obtaining.ts';

/** How requests travel by the policy's mode (I3–I5), and what a librarian decides. */
let bench: ActivityBench | undefined;
const monday = Date.parse('2026-12-07T01:00:00Z');

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

async function start(peers: readonly string[], given: IllGiven) {
  bench = await startActivities({ change: withPeers(peers, given) });
  return { ill: createObtaining(bench, monday), bench };
}

async function remark({ orm }: ActivityBench, staffId: string, text: string): Promise<string> {
  const id = uuid();
  await orm.em
    .fork()
    .execute(`insert into remark (id, library, author, text, created_at) values (?, 'demo', ?, ?, now())`, [
      id,
      staffId,
      text,
    ]);
  return id;
}

test('I3 in e-mail mode the form is mailed to the librarian, who records by hand; the reader sees it all the same', async () => {
  const { ill } = await start([], { mode: 'email', obtaining: { librarian: 'ill@demo.example' } });
  const reader = await ill.reader();
  const actor = 'staff:0190b0a4-0000-7000-8000-000000000000' as const;
  const id = await ill.begin({
    patronId: reader.id,
    content: { isbn: '9783522202107' },
    actor: `patron:${reader.id}`,
  });
  expect(await ill.request(id)).toMatchObject({ state: 'reviewing', mode: 'email' });
  expect(await ill.tasks(id)).toEqual(['review-request']);
  const [mail] = await ill.mails(id);
  expect(mail).toMatchObject({ kind: 'ill-form', address: 'ill@demo.example', audience: 'staff' });
  const [form] = await ill.texts(id, 'ill-form');
  for (const part of ['Momo', '9783522202107', reader.name]) expect(form).toContain(part);

  await ill.act(id, { act: 'record', actor, step: 'sent', supplier: 'CALIS' });
  expect(await ill.request(id)).toMatchObject({ state: 'requested' });
  await ill.act(id, { act: 'record', actor, step: 'unfilled', reason: 'NotHeld' });
  expect(await ill.request(id)).toMatchObject({ state: 'reviewing', reason: 'supplier-could-not' });
  await ill.act(id, { act: 'record', actor, step: 'sent', supplier: 'NSTL' });
  await ill.act(id, { act: 'record', actor, step: 'promised' });
  expect(await ill.request(id)).toMatchObject({ state: 'promised' });
  const dueAt = monday + 30 * 86_400_000;
  await ill.act(id, { act: 'record', actor, step: 'shipped', costMinor: 500, dueAt });
  expect(await ill.request(id)).toMatchObject({ state: 'shipped' });
  expect(await ill.latest(id)).toMatchObject({ costMinor: 500n, peer: '-' });
  expect((await ill.attempts(id)).map(({ supplier, outcome }) => [supplier, outcome])).toEqual([
    ['CALIS', 'unfilled'],
    ['NSTL', 'open'],
  ]);
  expect(await ill.tasks(id)).toEqual([]);

  const vain = await ill.begin({ patronId: reader.id, actor: `patron:${reader.id}` });
  await ill.act(vain, { act: 'record', actor, step: 'sent', supplier: 'CALIS' });
  await ill.act(vain, { act: 'record', actor, step: 'not-obtained', reason: 'NotHeld' });
  expect(await ill.request(vain)).toMatchObject({ state: 'unfilled', reason: 'not-obtained' });
  const [told] = await ill.texts(vain, 'ill-unfilled');
  expect(told).toContain('CALIS: The library does not have it');
});

test('I3 I15 the form says what it may cost: so much, nothing at all, or that the reader has to be asked', async () => {
  const { ill } = await start([], { mode: 'email', obtaining: { librarian: 'ill@demo.example' } });
  const reader = await ill.reader();
  const cases = [
    [500, '€5.00'],
    [0, 'only if it is free of charge'],
    [null, 'not stated: please ask the reader'],
  ] as const;
  for (const [limit, told] of cases) {
    const id = await ill.begin({ patronId: reader.id, limit, actor: `patron:${reader.id}` });
    const [form] = await ill.texts(id, 'ill-form');
    expect(form).toMatch(new RegExp(`Most the reader pays unasked[^\\n]*${told.replace('.', '\\.')}`, 'u'));
  }
});

test('I4 in distributed mode the own librarian reviews: rejects with a reason, or lets it go out in an order of their own', async () => {
  const { ill, bench: at } = await start(['one', 'two', 'three'], {});
  const reader = await ill.reader();
  const staff = await at.build.staff('ill-librarian');
  const actor = `staff:${staff.id}` as const;
  const given = { patronId: reader.id, actor: `patron:${reader.id}` } as const;

  const rejected = await ill.begin(given);
  expect(await ill.request(rejected)).toMatchObject({ state: 'reviewing' });
  expect(await ill.act(rejected, { act: 'review', actor, decision: 'reject' })).toMatchObject({
    refused: [{ code: 'remark-missing' }],
  });
  const remarkId = await remark(at, staff.id, 'It stands in our reading room.');
  await ill.act(rejected, { act: 'review', actor, decision: 'reject', remarkId });
  expect(await ill.request(rejected)).toMatchObject({ state: 'rejected' });
  const [told] = await ill.texts(rejected, 'ill-rejected');
  expect(told).toContain('It stands in our reading room.');
  expect(await ill.tasks(rejected)).toEqual([]);

  const id = await ill.begin(given);
  const wrong = { act: 'review', actor, decision: 'approve', suppliers: ['nobody'] } as const;
  expect(await ill.act(id, wrong)).toMatchObject({ refused: [{ code: 'peer-unknown', peer: 'nobody' }] });
  await ill.act(id, { ...wrong, suppliers: ['three', 'one'] });
  expect(await ill.latest(id)).toMatchObject({ peer: 'three' });
  expect(await ill.act(id, { ...wrong, suppliers: ['one'] })).toMatchObject({
    refused: [{ code: 'request-not-reviewing' }],
  });
  await ill.act(id, { act: 'choose', actor, suppliers: ['two'], instead: true });
  const [three, two] = await ill.attempts(id);
  expect([three?.outcome, two?.peer]).toEqual(['cancelled', 'two']);
});

test('I4 without any supplier a request stays with its librarian, who corrects it, obtains it by hand, or gives it up', async () => {
  const { ill } = await start([], { obtaining: { review: false } });
  const actor = 'staff:0190b0a4-0000-7000-8000-000000000000' as const;
  const id = await ill.begin();
  expect(await ill.request(id)).toMatchObject({ state: 'reviewing', reason: 'no-supplier' });
  const formId = uuid();
  await ill.form(formId, id, 2, { content: { title: 'Momo, or the grey gentlemen' } });
  await ill.act(id, { act: 'edit', actor, formId });
  expect(await ill.request(id)).toMatchObject({ title: 'Momo, or the grey gentlemen', formId });
  await ill.act(id, { act: 'cancel', actor });
  expect(await ill.request(id)).toMatchObject({ state: 'cancelled' });
});

test('I10 a question that staff have to answer leaves the work list when the supplier takes back its terms, says no, or is cancelled', async () => {
  const { ill } = await start(['one', 'two'], {
    obtaining: { review: false, asks: { condition: 'staff' } },
  });
  const terms = {
    status: 'WillSupply',
    reason: 'RequestResponse',
    retryInfo: { loanCondition: [{ value: 'LibraryUseOnly' }] },
  } as const;
  const asked = async () => {
    const id = await ill.begin();
    await ill.hear(id, terms);
    expect(await ill.request(id)).toMatchObject({ state: 'asked', asks: 'staff' });
    expect(await ill.tasks(id)).toEqual(['request-asks']);
    return id;
  };
  const without = await asked();
  await ill.hear(without, { status: 'WillSupply' });
  expect(await ill.request(without)).toMatchObject({ state: 'promised', asks: null, askUntil: null });
  const no = await asked();
  await ill.hear(no, { status: 'Unfilled' });
  expect(await ill.request(no)).toMatchObject({ state: 'requested', asks: null });
  const given = await asked();
  await ill.act(given, { act: 'cancel', actor: 'system' });
  expect(await ill.request(given)).toMatchObject({ state: 'requested', asks: null });
  for (const id of [without, no, given]) expect(await ill.tasks(id)).toEqual([]);
});

test('I5 in centre mode everything goes to the centre at once, with the reader’s own address for what is sent straight to them', async () => {
  const { ill } = await start(['calis'], { mode: 'centre', obtaining: { tellOfReader: ['card', 'name'] } });
  const reader = await ill.reader();
  const id = await ill.begin({ patronId: reader.id, service: 'copy', actor: `patron:${reader.id}` });
  const attempt = await ill.latest(id);
  expect(attempt).toMatchObject({ peer: 'calis', outcome: 'open' });
  const [message] = await ill.queued(attempt.id);
  expect(message?.body).toMatchObject({
    patronInfo: { patronId: reader.card, surname: reader.name, sendToPatron: 'Y' },
    requestedDeliveryInfo: [{ address: { electronicAddress: { electronicAddressData: reader.email } } }],
  });
  const end = await ill.hear(id, { status: 'Unfilled', reason: 'RequestResponse' });
  expect(end).toMatchObject({ state: 'unfilled' });
});

test('I5 what a centre forwards goes from one to the next by itself, without review, reader or questions, and its outside request hears of each step', async () => {
  const { ill, bench: at } = await start(['one', 'two'], {});
  const supplyId = await ill.outside();
  const id = await ill.forward(supplyId);
  await ill.look(id);
  expect(at.woken).toContain(`supply:${supplyId}`);
  await ill.hear(id, {
    status: 'RetryPossible',
    reason: 'RequestResponse',
    messageInfo: { reasonRetry: { value: 'LoanCondition' } },
    retryInfo: { loanCondition: [{ value: 'LibraryUseOnly' }] },
  });
  expect(await ill.attempts(id)).toHaveLength(2);
  const end = await ill.hear(id, { status: 'Unfilled', reason: 'RequestResponse' });
  expect(end).toMatchObject({ state: 'unfilled', deliver: [] });
});

test('I10 I15 a reader who agrees to less than is asked for has not agreed to it: the next supplier is asked, up to so much', async () => {
  const price = (minor: number) => ({ copy: minor, loan: minor });
  const { ill } = await start(['one', 'two'], {
    obtaining: { review: false },
    suppliers: {
      order: ['priority'],
      peers: { one: { priority: 1, priceMinor: price(800) }, two: { priority: 2, priceMinor: price(400) } },
    },
    prices: { readers: [{ services: ['loan'], actualCost: true }] },
  });
  const reader = await ill.reader();
  const actor = `patron:${reader.id}` as const;
  const answered = async (limitMinor: number) => {
    const id = await ill.begin({ patronId: reader.id });
    expect(await ill.request(id)).toMatchObject({ state: 'asked', reason: 'price', priceMinor: 800n });
    const formId = uuid();
    await ill.form(formId, id, 2, { patronId: reader.id, limit: limitMinor });
    await ill.act(id, { act: 'answer', actor, accept: true, formId, limitMinor });
    return { ...(await ill.request(id)), attempts: await ill.attempts(id) };
  };
  expect(await answered(500)).toMatchObject({
    state: 'requested',
    agreedMinor: null,
    attempts: [
      { peer: 'one', outcome: 'refused', reason: 'price-refused' },
      { peer: 'two', outcome: 'open' },
    ],
  });
  expect(await answered(800)).toMatchObject({ attempts: [{ peer: 'one', outcome: 'open' }] });
});

test('I10 an order of suppliers that comes while a cancellation is under way changes nothing', async () => {
  const { ill } = await start(['one', 'two'], { obtaining: { review: false } });
  const id = await ill.begin();
  await ill.act(id, { act: 'cancel', actor: 'system' });
  const wish = { act: 'choose', actor: 'system', suppliers: ['two'], instead: true } as const;
  expect(await ill.act(id, wish)).toMatchObject({ refused: [{ code: 'request-cancelling' }] });
  expect((await ill.request(id)).chosen).toEqual([]);
});
