import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readMessage } from '../../iso18626/read.ts';
import { type Cashier, cashierOf } from '../support/ill-cashier.ts';
import { aBook, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { schemaMistakes } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'first' | 'second';
let world: Installations<Name>;
let at: Record<Name, IllStaff>;
let cashiers: Record<'asker' | 'first', Cashier>;

beforeAll(async () => {
  const supplying = { knows: ['asker'], ill: { lending: { acknowledge: false } } };
  world = await startInstallations({
    asker: {
      edition: '2021',
      ill: {
        obtaining: { review: false },
        suppliers: { order: [] },
        prices: { readers: [{ actualCost: true }] },
      },
    },
    first: { ...supplying, edition: '1.2' },
    second: { ...supplying, edition: '2021' },
  });
  at = {
    asker: await staffIll(world.asker),
    first: await staffIll(world.first),
    second: await staffIll(world.second),
  };
  cashiers = {
    asker: await cashierOf(world.asker, world.asker.build),
    first: await cashierOf(world.first, world.first.build),
  };
});

afterAll(() => world?.stop());

let serial = 0;

/** Until the request has reached a supplier the given time; its attempt, and what it is called there. */
async function reaches(id: string, name: 'first' | 'second', time = 1) {
  const attempt = await eventually(
    async () => (await at.asker.attempts(id)).filter(({ peer }) => peer === name)[time - 1],
    (found) => found !== undefined,
  );
  const ref = attempt?.ourRef ?? '';
  return { ref, supplyId: await at[name].hears({ peer: 'asker', ref }) };
}

/** A request whose supplier wants 9.00 where its reader has allowed 1.00: the reader is asked. */
async function dearer() {
  const reader = await at.asker.reader();
  const work = { ...aBook.work, title: `A dear book ${(serial += 1)}` };
  const id = await at.asker.ask(reader, { ...aBook, work, limitMinor: 100 });
  const { supplyId, ref } = await reaches(id, 'first');
  await at.first.answer(supplyId, 'retry', { reason: 'CostExceedsMaxCost', offeredMinor: 900 });
  await at.asker.becomes(id, 'asked');
  return { reader, id, supplyId, ref };
}

const charges = async (token: string) => (await world.asker.call(token, 'GET', '/v1/me/charges')).body.items;
const outcomes = async (id: string) =>
  (await at.asker.attempts(id)).map(({ peer, outcome, reason }) => [peer, outcome, reason]);

test('I10 I15 the reader accepts the price: the same supplier is asked once more, as a retry, and ships; both books have that price, once', async () => {
  const { reader, id, ref } = await dearer();
  const mail = await world.asker.mailbox.waitFor(({ to }) => to[0]?.includes(reader.card) === true, 30_000);
  expect(mail.text).toContain('9.00');
  const shown = await world.asker.call(reader.token, 'GET', `/v1/me/requests/${id}`);
  expect(shown.body).toMatchObject({
    state: 'asked',
    question: { what: 'cost', price: { amountMinor: 900 }, conditions: [], answerBy: expect.any(String) },
  });
  expect(await charges(reader.token)).toEqual([]);

  await at.asker.readers(reader, id, 'answer', { accept: true });
  const again = await reaches(id, 'first', 2);
  const letter = world.wire('asker', 'first').passed.find(({ xml }) => xml.includes(`>${again.ref}<`));
  const { message } = readMessage(letter?.xml ?? '');
  if (message?.name !== 'request') throw new Error('no request went over the wire');
  expect(message.body.serviceInfo).toMatchObject({
    requestType: 'Retry',
    requestingAgencyPreviousRequestId: ref,
  });
  expect(await at.first.supply(again.supplyId)).toMatchObject({ previousRef: ref, limitMinor: 900n });

  await at.first.answer(again.supplyId, 'shipment', { costMinor: 900 });
  await at.asker.becomes(id, 'shipped');
  expect(await outcomes(id)).toEqual([
    ['first', 'retry', 'CostExceedsMaxCost'],
    ['first', 'open', null],
  ]);
  expect(await charges(reader.token)).toMatchObject([
    { cause: 'interlibrary-loan', open: { amountMinor: 900 }, request: { id } },
  ]);
  expect([await cashiers.asker.balance('first'), await cashiers.first.balance('asker')]).toEqual([-900, 900]);
});

test('I10 I15 the reader refuses the price: the next supplier is asked, and nothing is booked with the first', async () => {
  const before = await cashiers.asker.balance('first');
  const { reader, id } = await dearer();
  await at.asker.readers(reader, id, 'answer', { accept: false });
  const next = await reaches(id, 'second');
  await at.second.answer(next.supplyId, 'shipment', { costMinor: 100 });
  await at.asker.becomes(id, 'shipped');
  expect(await outcomes(id)).toEqual([
    ['first', 'retry', 'CostExceedsMaxCost'],
    ['second', 'open', null],
  ]);
  expect(await charges(reader.token)).toMatchObject([{ open: { amountMinor: 100 } }]);
  expect(await cashiers.asker.balance('first')).toBe(before);
});

test('I10 I15 the reader does not answer in time: that is a no; a late yes is refused', async () => {
  const { reader, id } = await dearer();
  const rows = world.asker.orm.em.fork();
  await rows.execute(
    `update ill_request set ask_until = now() + interval '1 second', look_at = now() + interval '1 second' where id = ?`,
    [id],
  );
  await world.asker.commands.rouse([{ process: 'ill', id, library: 'demo' }]);
  const next = await reaches(id, 'second');
  await expect(at.asker.readers(reader, id, 'answer', { accept: true })).rejects.toThrow('request-not-asked');
  await at.second.answer(next.supplyId, 'unfilled', { reason: 'NotHeld' });
  await at.asker.becomes(id, 'unfilled');
  expect(await outcomes(id)).toEqual([
    ['first', 'retry', 'CostExceedsMaxCost'],
    ['second', 'unfilled', 'NotHeld'],
  ]);
  expect(await charges(reader.token)).toEqual([]);
});

test('I10 I15 asked again, the supplier wants more still: the reader is asked about that too, and pays no more than agreed', async () => {
  const { reader, id } = await dearer();
  await at.asker.readers(reader, id, 'answer', { accept: true });
  const again = await reaches(id, 'first', 2);
  await at.first.answer(again.supplyId, 'retry', { reason: 'CostExceedsMaxCost', offeredMinor: 1_500 });
  await eventually(
    () => at.asker.request(id),
    ({ state, priceMinor }) => state === 'asked' && priceMinor === 1_500n,
  );
  await at.asker.readers(reader, id, 'answer', { accept: true });
  const third = await reaches(id, 'first', 3);
  await at.first.answer(third.supplyId, 'shipment', { costMinor: 1_600 });
  await at.asker.becomes(id, 'shipped');
  expect(await charges(reader.token)).toMatchObject([{ open: { amountMinor: 1_500 } }]);
});

test('I18 all that was said is valid by the edition of whoever reads it', () => {
  expect(schemaMistakes(world.letters(), world.editionOf)).toEqual([]);
});

test('I10 a reader who is asked for conditions sees them with the question, and none once it is answered', async () => {
  const reader = await at.asker.reader();
  const work = { ...aBook.work, title: `A rare book ${(serial += 1)}` };
  const id = await at.asker.ask(reader, { ...aBook, work, limitMinor: 1000 });
  const { supplyId } = await reaches(id, 'first');
  await at.first.answer(supplyId, 'condition', { condition: 'LibraryUseOnly' });
  await at.asker.becomes(id, 'asked');
  const seen = async () => (await world.asker.call(reader.token, 'GET', `/v1/me/requests/${id}`)).body;
  const { question } = await seen();
  expect(question).toMatchObject({ what: 'condition', answerBy: expect.any(String) });
  expect(question.conditions).toEqual([expect.stringMatching(/^(?!LibraryUseOnly).+/u)]);
  await at.asker.readers(reader, id, 'answer', { accept: true });
  expect(await seen()).toMatchObject({ state: 'promised', question: null });
});
