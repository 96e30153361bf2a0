import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../support/carrel.ts';
import { aBook, anArticle, type IllStaff, staffIll } from '../support/ill-desk.ts';
import { said, schemaMistakes } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

type Name = 'asker' | 'first' | 'second';
let world: Installations<Name>;
let at: Record<Name, IllStaff>;

beforeAll(async () => {
  world = await startInstallations({
    asker: { ill: { obtaining: { review: true }, suppliers: { order: [] } }, edition: '2021' },
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

/** A request that its librarian has let go, as its first supplier has it. */
async function asked(wish: object = aBook) {
  const id = await at.asker.ask(await at.asker.reader(), wish);
  await at.asker.act(id, 'review', { decision: 'approve' });
  return { id, supplyId: await reaches(id, 'first') };
}

/** Until the request has reached a supplier; what it is called there. */
async function reaches(id: string, name: 'first' | 'second'): Promise<string> {
  const attempt = await until(
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
