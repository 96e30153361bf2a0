import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Act, apply, createModel, picture } from './family-model.ts';
import { createRows, withFee } from './family-model-rows.ts';
import { refusals } from './race.ts';

const names = ['Anna', 'Ben', 'Chen', 'Dora', 'Emil'];

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivities({ change: withFee });
});
afterAll(() => bench.stop());

const card = fc.constantFrom(...names);
const kind = <T extends string>(...kinds: T[]) => fc.constantFrom(...kinds);

const anAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ do: kind('link'), card, main: card }) },
  { weight: 3, arbitrary: fc.record({ do: kind('unlink'), card }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: kind('hand-over'), card, heir: fc.option(card, { nil: null }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: kind('close', 'charge'), card }) },
  { weight: 2, arbitrary: fc.record({ do: kind('block', 'lift'), card }) },
  { weight: 3, arbitrary: fc.record({ do: kind('use'), card }) },
  { weight: 8, arbitrary: fc.record({ do: kind('raise', 'look', 'pay', 'pay', 'pay-half'), card }) },
  { weight: 3, arbitrary: fc.record({ do: kind('wait'), days: fc.integer({ min: 1, max: 40 }) }) },
);

/** All fees are due and end on the same days, so that a card may be paid until then by more than one payment. */
const sameDay = Object.fromEntries(names.map((name) => [name, 0]));

/** Some cards are paid for less than others, one not any more; all by some days. */
const paid = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.integer({ min: -5, max: 60 })])) as Record<
    string,
    fc.Arbitrary<number>
  >,
);

test('F1 F2 F3 F4 F5 F6 F7 F8 F10 F11 whatever the desk does with cards, in whatever order, families are what a librarian would make of them', async () => {
  const sequence = fc.array(anAct, { minLength: 20, maxLength: 50, size: 'max' });
  const asTheModel = fc.asyncProperty(paid, sequence, async (paidUntil, acts) => {
    const [model, rows] = [createModel(paidUntil), await createRows(bench, paidUntil)];
    for (const act of acts) {
      const expected = apply(model, act);
      expect({ act, done: await rows.apply(act) }).toEqual({ act, done: expected });
      expect({ act, now: await rows.picture() }).toEqual({ act, now: picture(model) });
    }
    expect(await bench.audit(rows.now(), 'P365D')).toEqual([]);
  });
  await fc.assert(asTheModel, { numRuns: Number(process.env.MODEL_RUNS ?? 12) });
}, 300_000);

test('F2 F3 F5 F11 payments taken back among all this, long after or at once, break nothing that holds for families', async () => {
  const back = fc.record({ do: kind('take-back'), card });
  const any = fc.oneof({ weight: 5, arbitrary: anAct }, { weight: 1, arbitrary: back });
  const sequence = fc.array(any, { minLength: 20, maxLength: 50, size: 'max' });
  const soundly = fc.asyncProperty(sequence, async (acts) => {
    const rows = await createRows(bench, sameDay);
    for (const act of acts) {
      if (act.do !== 'take-back') await rows.apply(act);
      else if (refusals(await rows.takeBack(act.card)).length === 0)
        expect(await bench.audit(rows.now(), 'P365D')).toEqual([]);
    }
    expect(await bench.audit(rows.now(), 'P365D')).toEqual([]);
  });
  await fc.assert(soundly, { numRuns: Number(process.env.MODEL_RUNS ?? 12) });
}, 300_000);
