import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { aBook, anArticle, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { said, schemaMistakes, wordOf } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'first' | 'second';
let world: Installations<Name>;
let at: Record<Name, IllStaff>;

beforeAll(async () => {
  world = await startInstallations({
    asker: {
      edition: '2021',
      ill: {
        obtaining: { review: true },
        suppliers: { order: [] },
        prices: { readers: [{ actualCost: true }] },
      },
    },
    first: { edition: '1.2', knows: ['asker'], ill: { lending: { acknowledge: false } } },
    second: { edition: '2021', knows: ['asker'] },
  });
  at = {
    asker: await staffIll(world.asker),
    first: await staffIll(world.first),
    second: await staffIll(world.second),
  };
});

afterAll(() => world?.stop());

let serial = 0;
/** Another work each time: who could not supply it lately is asked last. */
const anotherBook = () => ({ ...aBook, work: { ...aBook.work, title: `Volume ${(serial += 1)}` } });

/** A request that its librarian has let go, as its first supplier has it. */
async function asked(wish: object = anotherBook()) {
  const id = await at.asker.ask(await at.asker.reader(), wish);
  await at.asker.act(id, 'review', { decision: 'approve' });
  return { id, supplyId: await reaches(id, 'first') };
}

/** Until the request has reached a supplier; what it is called there. */
async function reaches(id: string, name: 'first' | 'second'): Promise<string> {
  const attempt = await eventually(
    async () => (await at.asker.attempts(id)).findLast(({ peer }) => peer === name),
    (found) => found !== undefined,
  );
  return at[name].hears({ peer: 'asker', ref: attempt?.ourRef ?? '' });
}

const outcomes = async (id: string) =>
  (await at.asker.attempts(id)).map(({ peer, outcome, reason }) => ({ peer, outcome, reason }));

test('I10 unfilled by the first supplier, filled by the next; the reader hears of a success only', async () => {
  const { id, supplyId } = await asked();
  await at.first.answer(supplyId, 'unfilled', { reason: 'NotOnShelf' });
  const next = await reaches(id, 'second');
  await at.second.answer(next, 'promise');
  await at.asker.becomes(id, 'promised');
  await at.second.answer(next, 'shipment');
  await at.asker.becomes(id, 'shipped', 'received');
  expect(await outcomes(id)).toEqual([
    { peer: 'first', outcome: 'unfilled', reason: 'NotOnShelf' },
    { peer: 'second', outcome: 'open', reason: null },
  ]);
});

test('I10 the reader hears "unfilled" when nobody is left, with every reason', async () => {
  const { id, supplyId } = await asked();
  await at.first.answer(supplyId, 'unfilled', { reason: 'NotHeld' });
  await at.second.answer(await reaches(id, 'second'), 'unfilled', { reason: 'PoorCondition' });
  await at.asker.becomes(id, 'unfilled');
  expect(await outcomes(id)).toEqual([
    { peer: 'first', outcome: 'unfilled', reason: 'NotHeld' },
    { peer: 'second', outcome: 'unfilled', reason: 'PoorCondition' },
  ]);
});

test('I10 a supplier that takes longer than it may is passed over; its late answer changes nothing', async () => {
  const { id, supplyId } = await asked();
  await world.asker.orm.em
    .fork()
    .execute(`update ill_attempt set answer_by = now() + interval '1 second' where request_id = ?`, [id]);
  await world.asker.orm.em
    .fork()
    .execute(`update ill_request set look_at = now() + interval '1 second' where id = ?`, [id]);
  await world.asker.commands.rouse([{ process: 'ill', id, library: 'demo' }]);
  const next = await reaches(id, 'second');
  await at.second.answer(next, 'promise');
  await at.asker.becomes(id, 'promised');
  await at.first.answer(supplyId, 'promise').catch(() => undefined);
  expect(await outcomes(id)).toMatchObject([
    { peer: 'first', outcome: 'no-answer' },
    { peer: 'second', outcome: 'open' },
  ]);
});

test('I15 a price above the limit: asked again for it, accepted, supplied as another request of its own', async () => {
  const { id, supplyId } = await asked({ ...anotherBook(), limitMinor: 100 });
  await at.first.answer(supplyId, 'retry', { reason: 'CostExceedsMaxCost', offeredMinor: 900 });
  await at.asker.becomes(id, 'asked');
  await at.asker.act(id, 'answer', { accept: true });
  const retry = await eventually(
    async () => (await at.asker.attempts(id))[1],
    (found) => found !== undefined,
  );
  const again = await at.first.hears({ peer: 'asker', ref: retry?.ourRef ?? '' });
  const [first] = await at.asker.attempts(id);
  expect(await at.first.supply(again)).toMatchObject({ previousRef: first?.ourRef, limitMinor: 900n });
  await at.first.answer(again, 'shipment', { costMinor: 900 });
  await at.asker.becomes(id, 'shipped', 'received');
  expect(await outcomes(id)).toMatchObject([
    { peer: 'first', outcome: 'retry' },
    { peer: 'first', outcome: 'open' },
  ]);
});

test('I10 a condition that is refused: the supplier is told, the next one is asked', async () => {
  const { id, supplyId } = await asked();
  await at.first.answer(supplyId, 'condition', { condition: 'LibraryUseOnly' });
  await at.asker.becomes(id, 'asked');
  await at.asker.act(id, 'answer', { accept: false });
  await at.first.stands(supplyId, 'Cancelled');
  const next = await reaches(id, 'second');
  await at.second.answer(next, 'promise');
  await at.asker.becomes(id, 'promised');
});

test('I10 a condition that is accepted: the supplier hears of it and ships', async () => {
  const { id, supplyId } = await asked();
  await at.first.answer(supplyId, 'condition', { condition: 'LibraryUseOnly' });
  await at.asker.becomes(id, 'asked');
  await at.asker.act(id, 'answer', { accept: true });
  await at.asker.becomes(id, 'promised');
  await at.first.answer(supplyId, 'shipment');
  await at.asker.becomes(id, 'shipped', 'received');
});

test('I4 cancelled before anything is shipped: the supplier says yes', async () => {
  const { id, supplyId } = await asked();
  await at.first.answer(supplyId, 'promise');
  await at.asker.becomes(id, 'promised');
  await at.asker.act(id, 'cancel');
  await at.first.stands(supplyId, 'Cancelled');
  await at.asker.becomes(id, 'cancelled');
  expect(await outcomes(id)).toMatchObject([{ outcome: 'cancelled' }]);
});

test('I4 cancelled while it is shipped: the supplier says no, and the thing comes all the same', async () => {
  const { id, supplyId } = await asked();
  await at.first.answer(supplyId, 'promise');
  await at.asker.becomes(id, 'promised');
  world.wire('first', 'asker').behave('down');
  await at.first.answer(supplyId, 'shipment');
  await at.asker.act(id, 'cancel');
  await eventually(
    async () => world.wire('asker', 'first').passed.some(({ xml }) => xml.includes('<action>Cancel')),
    (heard) => heard,
  );
  world.wire('first', 'asker').behave('open');
  await at.asker.becomes(id, 'shipped');
  await eventually(
    () => at.asker.request(id),
    ({ cancelWantedAt }) => cancelWantedAt === null,
  );
  expect(await at.first.supply(supplyId)).toMatchObject({ status: 'Loaned' });
  const answer = world
    .wire('first', 'asker')
    .passed.findLast(({ xml }) => wordOf(xml) === 'CancelResponse Loaned');
  expect(answer?.xml).toContain('<answerYesNo>N');
  await at.asker.act(id, 'arrival', { desk: 'main' });
  await at.asker.becomes(id, 'received');
});

test('I13 a copy: one answer, and nothing to return', async () => {
  const { id, supplyId } = await asked(anArticle);
  await at.first.answer(supplyId, 'shipment');
  await at.first.stands(supplyId, 'CopyCompleted');
  await at.asker.becomes(id, 'shipped', 'held', 'available', 'received', 'completed');
});

test('I18 all that was said is valid by the edition of whoever reads it', () => {
  const letters = world.letters();
  expect(said(letters).length).toBeGreaterThan(0);
  expect(schemaMistakes(letters, world.editionOf)).toEqual([]);
});
