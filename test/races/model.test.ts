import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Act, apply, createModel, picture } from './model.ts';
import { createRows } from './model-rows.ts';

const size = { titles: 2, copies: 2, names: ['Aiko', 'Bruno', 'Chen'] };

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivities();
});
afterAll(() => bench.stop());

const reader = fc.constantFrom(...size.names);
const title = fc.nat({ max: size.titles - 1 });
const copy = fc.nat({ max: size.copies - 1 });
const kind = <T extends string>(...kinds: T[]) => fc.constantFrom(...kinds);

const anAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: kind('place'), title, reader }) },
  { weight: 4, arbitrary: fc.record({ do: kind('check-out'), title, copy, reader }) },
  { weight: 4, arbitrary: fc.record({ do: kind('check-in'), title, copy }) },
  { weight: 2, arbitrary: fc.record({ do: kind('lapse'), title, copy }) },
  { weight: 1, arbitrary: fc.record({ do: kind('cancel'), title, reader }) },
  { weight: 2, arbitrary: fc.record({ do: kind('block', 'lift'), reader }) },
);

/** A copy that is in the house because its only waiting reader is blocked is anybody's else (H11). */
const pastABlockedReader: Act[] = [
  { do: 'check-out', title: 0, copy: 0, reader: 'Aiko' },
  { do: 'check-out', title: 0, copy: 1, reader: 'Aiko' },
  { do: 'place', title: 0, reader: 'Bruno' },
  { do: 'block', reader: 'Bruno' },
  { do: 'check-in', title: 0, copy: 0 },
  { do: 'check-out', title: 0, copy: 0, reader: 'Chen' },
  { do: 'lift', reader: 'Bruno' },
  { do: 'check-in', title: 0, copy: 1 },
  { do: 'lapse', title: 0, copy: 1 },
];

test('H5 whatever readers and the desk do, in whatever order, a queue is what a librarian would make of it', async () => {
  const sequence = fc.array(anAct, { minLength: 20, maxLength: 60, size: 'max' });
  const asTheModel = fc.asyncProperty(sequence, async (acts) => {
    const [model, rows] = [createModel(size), await createRows(bench, size)];
    for (const act of acts) {
      const expected = apply(model, act);
      expect({ act, done: await rows.apply(act) }).toEqual({ act, done: expected });
      expect({ act, now: await rows.picture() }).toEqual({ act, now: picture(model) });
    }
    expect(await bench.audit(rows.now())).toEqual([]);
  });
  await fc.assert(asTheModel, {
    numRuns: Number(process.env.MODEL_RUNS ?? 12),
    examples: [[pastABlockedReader]],
  });
}, 300_000);
