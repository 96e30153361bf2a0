import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createObtaining, type Obtaining, type SaidBySupplier, withPeers } from '../support/obtaining.ts';

/** What happens to a request at the same instant, many times, on real PostgreSQL. */
let bench: ActivityBench;
let ill: Obtaining;
const monday = Date.parse('2026-12-07T01:00:00Z');
const rounds = 12;

beforeAll(async () => {
  bench = await startActivities({ change: withPeers(['one', 'two'], { obtaining: { review: false } }) });
  ill = createObtaining(bench, monday);
});
afterAll(() => bench?.stop());

const inRounds = async (round: (n: number) => Promise<void>) => {
  for (let n = 0; n < rounds; n += 1) await round(n);
};

const says = async (attemptId: string) => (await ill.queued(attemptId)).map((message) => message.says);

test('I10 a cancellation against the supplier’s shipping: one of the two, never both, and the supplier hears at most one cancellation', async () => {
  await inRounds(async () => {
    const reader = await ill.reader();
    const id = await ill.begin({ patronId: reader.id });
    const attempt = await ill.latest(id);
    await ill.say(attempt.id, { status: 'Loaned' });
    await Promise.all([
      ill.look(id),
      ill.act(id, { act: 'cancel', actor: `patron:${reader.id}` }),
      ill.look(id),
    ]);
    await ill.look(id);
    expect(await ill.request(id)).toMatchObject({ state: 'shipped', cancelWantedAt: null, endedAt: null });
    const told = await says(attempt.id);
    expect(told.filter((word) => word === 'Cancel').length).toBeLessThanOrEqual(1);
    const lost = (await ill.notices(id)).filter((kind) => kind === 'ill-cancel-refused').length;
    expect(lost).toBe(told.includes('Cancel') ? 1 : 0);
  });
});

test('I10 looked at three times at once, an unfilled request is sent to one next supplier', async () => {
  await inRounds(async () => {
    const id = await ill.begin();
    await ill.say((await ill.latest(id)).id, { status: 'Unfilled', reason: 'RequestResponse' });
    await Promise.all([ill.look(id), ill.look(id), ill.look(id)]);
    const attempts = await ill.attempts(id);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['unfilled', 'open']);
    expect(await says(attempts[1]?.id ?? '')).toEqual(['New']);
  });
});

test('I10 an answer against the end of its time: accepted or passed on, and whoever comes second is told', async () => {
  await inRounds(async (n) => {
    const reader = await ill.reader();
    const id = await ill.begin({ patronId: reader.id });
    await ill.hear(id, {
      status: 'WillSupply',
      reason: 'RequestResponse',
      retryInfo: { loanCondition: [{ value: 'SignatureRequired' }] },
    });
    const until = Number((await ill.request(id)).askUntil);
    const answering = () => ill.act(id, { act: 'answer', actor: `patron:${reader.id}`, accept: true });
    const passing = () => ill.look(id, until);
    const [first] = await ill.attempts(id);
    const answered =
      n % 2 === 0
        ? (await Promise.all([answering(), passing()]))[0]
        : (await Promise.all([passing(), answering()]))[1];
    const request = await ill.request(id);
    if ('standing' in answered) {
      expect(request).toMatchObject({ state: 'promised', attemptId: first?.id });
      expect(await says(first?.id ?? '')).toEqual(['New', 'Notification']);
    } else {
      expect(answered).toMatchObject({ refused: [{ code: 'request-not-asked' }] });
      expect(await ill.attempts(id)).toHaveLength(2);
      expect(await says(first?.id ?? '')).toEqual(['New', 'Cancel']);
    }
  });
});

test('I1 begun twice at once it is one request, and an act that is sent twice is done once', async () => {
  await inRounds(async () => {
    const id = uuid();
    await ill.form(id, id, 1, {});
    const begin = () =>
      bench.perform((activities) =>
        activities.beginRequest({
          requestId: id,
          library: 'demo',
          patronId: '',
          actor: 'system',
          now: ill.now(),
        }),
      );
    await Promise.all([begin(), begin(), begin()]);
    expect(await ill.attempts(id)).toHaveLength(1);
    const operation = uuid();
    const cancel = () => ill.act(id, { act: 'cancel', actor: 'system' }, operation);
    const outcomes = await Promise.all([cancel(), cancel()]);
    for (const outcome of outcomes) expect(outcome).toHaveProperty('standing');
    expect(await says((await ill.latest(id)).id)).toEqual(['New', 'Cancel']);
  });
});

const after = (n: number) => 1000 * (n + 1);
const story: readonly (readonly SaidBySupplier[])[] = [
  [
    { status: 'ExpectToSupply', reason: 'RequestResponse', after: after(0) },
    { status: 'WillSupply', after: after(1) },
    {
      status: 'Loaned',
      after: after(2),
      deliveryInfo: { deliveryCosts: [{ currencyCode: { value: 'EUR' }, monetaryValue: '7' }] },
      statusInfo: { dueDate: '2027-01-20T12:00:00Z' },
    },
  ],
  [
    { status: 'RequestReceived', reason: 'RequestResponse', after: after(0) },
    { status: 'WillSupply', after: after(1) },
    {
      status: 'Unfilled',
      after: after(2),
      messageInfo: { reasonUnfilled: { value: 'NotOnShelf' } },
    },
  ],
  [
    { status: 'WillSupply', reason: 'RequestResponse', after: after(0) },
    { status: 'Loaned', after: after(1), statusInfo: { dueDate: '2027-01-20T12:00:00Z' } },
    { status: 'Overdue', after: after(2) },
  ],
];

test('I18 in whatever order a supplier’s messages come, twice or looked at between, a request comes to the same', async () => {
  const outcome = async (said: readonly SaidBySupplier[], lookBetween: readonly boolean[]) => {
    const id = await ill.begin({ content: { note: uuid() } });
    const first = await ill.latest(id);
    for (const [index, word] of said.entries()) {
      await ill.say(first.id, word);
      if (lookBetween[index]) await ill.look(id);
    }
    await ill.look(id);
    const request = await ill.request(id);
    const [attempt, ...others] = await ill.attempts(id);
    return {
      state: request.state,
      current: request.attemptId === first.id,
      status: attempt?.status,
      outcome: attempt?.outcome,
      cost: attempt?.costMinor,
      others: others.map((each) => each.outcome),
    };
  };
  await fc.assert(
    fc.asyncProperty(
      fc
        .constantFrom(...story)
        .chain((told) =>
          fc.tuple(
            fc.constant(told),
            fc.shuffledSubarray([...told, ...told], { minLength: 3, maxLength: 6 }),
            fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
          ),
        ),
      async ([told, came, looks]) => {
        const all = [...came, ...told];
        expect(await outcome(all, looks)).toEqual(await outcome(told, [true, true, true]));
      },
    ),
    { numRuns: 12 },
  );
});
