import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createObtaining, type Obtaining, withPeers } from '../support/obtaining.ts';

/** How a request goes from one supplier to the next. */
let bench: ActivityBench;
let ill: Obtaining;
/** Monday, 10 in the morning in Tokyo. */
const monday = Date.parse('2026-12-07T01:00:00Z');
const day = 24 * 3_600_000;

beforeAll(async () => {
  bench = await startActivities({
    change: withPeers(['one', 'two', 'three'], { obtaining: { review: false } }),
  });
  ill = createObtaining(bench, monday);
});
afterAll(() => bench?.stop());

const saying = (messages: readonly { readonly says: string }[]) => messages.map(({ says }) => says);

test('I10 what one supplier cannot fill goes to the next, and the reader hears it only when all are exhausted, with every reason', async () => {
  const reader = await ill.reader();
  const id = await ill.begin({ patronId: reader.id });
  expect(await ill.request(id)).toMatchObject({ state: 'requested' });
  for (const reasonUnfilled of ['NotHeld', 'NotOnShelf']) {
    const standing = await ill.hear(id, {
      status: 'Unfilled',
      reason: 'RequestResponse',
      messageInfo: { reasonUnfilled: { value: reasonUnfilled } },
    });
    expect(standing).toMatchObject({ state: 'requested', ended: false });
  }
  expect(await ill.notices(id)).not.toContain('ill-unfilled');
  const end = await ill.hear(id, {
    status: 'Unfilled',
    reason: 'RequestResponse',
    messageInfo: { reasonUnfilled: { value: 'NonCirculating' } },
  });
  expect(end).toMatchObject({ state: 'unfilled', ended: true });
  const attempts = await ill.attempts(id);
  expect(attempts.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['unfilled', 'NotHeld'],
    ['unfilled', 'NotOnShelf'],
    ['unfilled', 'NonCirculating'],
  ]);
  expect(new Set(attempts.map(({ peer }) => peer)).size).toBe(3);
  expect(await ill.notices(id)).toContain('ill-unfilled');
  const [text] = await ill.texts(id, 'ill-unfilled');
  for (const why of ['does not have it', 'not on the shelf', 'not lent']) expect(text).toContain(why);
});

test('I4 a request with all that the form says goes out under a number of its own', async () => {
  const reader = await ill.reader();
  const content = { isbn: '9783522202107', year: '2005', neededBy: '2027-01-31', note: 'Any printing' };
  const id = await ill.begin({ patronId: reader.id, content, limit: 1200 });
  const attempt = await ill.latest(id);
  const [message] = await ill.queued(attempt.id);
  expect(message?.body).toMatchObject({
    bibliographicInfo: {
      title: 'Momo',
      author: 'Michael Ende',
      bibliographicItemId: [
        { bibliographicItemIdentifierCode: { value: 'ISBN' }, bibliographicItemIdentifier: '9783522202107' },
      ],
    },
    publicationInfo: { publicationType: { value: 'Book' }, publicationDate: '2005' },
    serviceInfo: { requestType: 'New', serviceType: 'Loan', note: 'Any printing' },
    billingInfo: { maximumCosts: { currencyCode: { value: 'EUR' }, monetaryValue: '12.00' } },
  });
  expect(message?.body).not.toHaveProperty('patronInfo');
});

test('I10 no answer in the working days allowed counts as unfilled: the supplier hears a cancellation, the next is asked', async () => {
  const id = await ill.begin();
  const first = await ill.latest(id);
  expect(first.answerBy?.getTime()).toBeGreaterThan(ill.now() + 3 * day);
  await ill.look(id, first.answerBy!.getTime() - 1);
  expect(await ill.attempts(id)).toHaveLength(1);
  await ill.look(id, first.answerBy!.getTime());
  expect(saying(await ill.queued(first.id))).toEqual(['New', 'Cancel']);
  const [one, two] = await ill.attempts(id);
  expect(one).toMatchObject({ outcome: 'no-answer' });
  expect(two).toMatchObject({ outcome: 'open' });
  expect(two?.peer).not.toBe(one?.peer);
});

test('I10 what comes late from a supplier that had been given up is taken if nobody else has promised it, and goes back otherwise', async () => {
  const id = await ill.begin();
  const first = await ill.latest(id);
  await ill.look(id, first.answerBy!.getTime());
  const second = await ill.latest(id);
  await ill.say(first.id, { status: 'Loaned', after: 9 * day });
  await ill.look(id);
  expect(await ill.request(id)).toMatchObject({ state: 'shipped', attemptId: first.id });
  expect(saying(await ill.queued(second.id))).toEqual(['New', 'Cancel']);

  const other = await ill.begin();
  const silent = await ill.latest(other);
  await ill.look(other, silent.answerBy!.getTime());
  await ill.hear(other, { status: 'WillSupply', reason: 'RequestResponse', after: 9 * day });
  await ill.say(silent.id, { status: 'Loaned', after: 9 * day + 1 });
  await ill.look(other);
  expect(await ill.request(other)).toMatchObject({ state: 'promised' });
  expect(saying(await ill.queued(silent.id))).toEqual(['New', 'Cancel', 'Notification']);
  expect(await ill.tasks(other)).toContain('request-too-late');
  const settled = await ill.act(other, {
    act: 'settle-late',
    actor: 'system',
    attemptId: silent.id,
    outcome: 'sent-back',
  });
  expect(settled).toHaveProperty('standing');
  expect(saying(await ill.queued(silent.id))).toContain('ShippedReturn');
  expect(await ill.tasks(other)).not.toContain('request-too-late');
});

test('I10 given up while nobody has it, a request ends at once; with a supplier it waits for the answer, won or lost', async () => {
  const actor = 'system';
  const won = await ill.begin();
  await ill.act(won, { act: 'cancel', actor });
  expect(await ill.request(won)).toMatchObject({ state: 'requested', endedAt: null });
  expect(await ill.act(won, { act: 'cancel', actor })).toMatchObject({
    refused: [{ code: 'request-cancelling' }],
  });
  await ill.hear(won, { status: 'Cancelled', reason: 'CancelResponse', answer: 'Y' });
  expect(await ill.request(won)).toMatchObject({ state: 'cancelled' });

  const reader = await ill.reader();
  const lost = await ill.begin({ patronId: reader.id });
  await ill.act(lost, { act: 'cancel', actor: `patron:${reader.id}` });
  await ill.hear(lost, { status: 'Loaned' });
  await ill.hear(lost, { status: 'Loaned', reason: 'CancelResponse', answer: 'N' });
  expect(await ill.request(lost)).toMatchObject({ state: 'shipped', cancelWantedAt: null });
  expect(await ill.notices(lost)).toContain('ill-cancel-refused');
  expect(await ill.act(lost, { act: 'cancel', actor: `patron:${reader.id}` })).toMatchObject({
    refused: [{ code: 'request-shipped' }],
  });

  const silent = await ill.begin();
  await ill.act(silent, { act: 'cancel', actor });
  await ill.look(silent, (await ill.latest(silent)).answerBy!.getTime());
  expect(await ill.request(silent)).toMatchObject({ state: 'cancelled' });
});

test('I15 a higher price that the library would pay itself is asked of the librarian, not taken unseen; accepted, the same supplier is asked again with it', async () => {
  const offer = {
    status: 'RetryPossible',
    reason: 'RequestResponse',
    messageInfo: { reasonRetry: { value: 'CostExceedsMaxCost' } },
    retryInfo: { offeredCosts: [{ currencyCode: { value: 'JPY' }, monetaryValue: '1500' }] },
  } as const;
  const reader = await ill.reader();
  const yes = await ill.begin({ patronId: reader.id, limit: 100 });
  const first = await ill.latest(yes);
  // These readers pay nothing of it.
  await ill.hear(yes, offer);
  expect(await ill.request(yes)).toMatchObject({ state: 'asked', asks: 'staff', reason: 'cost' });
  expect(await ill.act(yes, { act: 'answer', actor: `patron:${reader.id}`, accept: true })).toMatchObject({
    refused: [{ code: 'request-asks-library' }],
  });
  await ill.act(yes, { act: 'answer', actor: 'system', accept: true });
  const again = await ill.latest(yes);
  expect(again).toMatchObject({ peer: first.peer, retryOf: first.id });
  const [message] = await ill.queued(again.id);
  expect(message?.body).toMatchObject({
    serviceInfo: { requestType: 'Retry', requestingAgencyPreviousRequestId: first.ourRef },
    billingInfo: { maximumCosts: { monetaryValue: '1500' } },
  });
});

test('I10 conditions are put before the reader; refused, or unanswered in time, the next supplier is asked', async () => {
  const reader = await ill.reader();
  const actor = `patron:${reader.id}` as const;
  const terms = {
    status: 'WillSupply',
    reason: 'RequestResponse',
    retryInfo: { loanCondition: [{ value: 'LibraryUseOnly' }] },
  } as const;
  const accepted = await ill.begin({ patronId: reader.id });
  await ill.hear(accepted, terms);
  expect(await ill.request(accepted)).toMatchObject({ state: 'asked', asks: 'reader', reason: 'condition' });
  expect(await ill.notices(accepted)).toContain('ill-asked');
  await ill.act(accepted, { act: 'answer', actor, accept: true });
  expect(await ill.request(accepted)).toMatchObject({ state: 'promised' });
  expect(saying(await ill.queued((await ill.latest(accepted)).id))).toEqual(['New', 'Notification']);

  const refused = await ill.begin({ patronId: reader.id });
  await ill.hear(refused, terms);
  await ill.act(refused, { act: 'answer', actor, accept: false });
  const [one, two] = await ill.attempts(refused);
  expect([one?.outcome, two?.outcome]).toEqual(['refused', 'open']);
  expect(saying(await ill.queued(one?.id ?? ''))).toEqual(['New', 'Cancel']);

  const silent = await ill.begin({ patronId: reader.id });
  await ill.hear(silent, terms);
  const { askUntil } = await ill.request(silent);
  await ill.look(silent, askUntil!.getTime());
  expect(await ill.attempts(silent)).toHaveLength(2);
  expect(await ill.act(silent, { act: 'answer', actor, accept: true })).toMatchObject({
    refused: [{ code: 'request-not-asked' }],
  });
});

test('I12 what is not on its way after a week shows late to staff, once', async () => {
  const id = await ill.begin();
  await ill.hear(id, { status: 'WillSupply', reason: 'RequestResponse' });
  const { lateAt } = await ill.request(id);
  await ill.look(id, lateAt!.getTime() - 1);
  expect(await ill.tasks(id)).toEqual([]);
  await ill.look(id, lateAt!.getTime());
  await ill.look(id, lateAt!.getTime() + day);
  expect(await ill.tasks(id)).toEqual(['request-late']);
});

test('I10 one who would supply from a day on is asked again on that day, if nobody else can', async () => {
  const id = await ill.begin();
  const from = new Date(ill.now() + 30 * day);
  await ill.hear(id, {
    status: 'RetryPossible',
    reason: 'RequestResponse',
    messageInfo: { reasonRetry: { value: 'OnLoan' } },
    retryInfo: { retryAfter: from.toISOString() },
  });
  for (const _ of ['two', 'three']) await ill.hear(id, { status: 'Unfilled', reason: 'RequestResponse' });
  expect(await ill.request(id)).toMatchObject({ state: 'choosing', reason: 'asked-again-later' });
  await ill.look(id, from.getTime());
  const [first] = await ill.attempts(id);
  expect(await ill.latest(id)).toMatchObject({ peer: first?.peer, retryOf: first?.id, outcome: 'open' });
});

test('I10 after the day on which it was needed nobody is asked any more', async () => {
  const id = await ill.begin({ content: { neededBy: '2026-12-08' } });
  const { neededBy } = await ill.request(id);
  const end = await ill.look(id, neededBy!.getTime());
  expect(end).toMatchObject({ state: 'unfilled', ended: true });
  expect(await ill.request(id)).toMatchObject({ reason: 'needed-by-passed' });
});
