import { afterEach, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Act, apply, createModel, picture } from './money-model.ts';
import { createRows } from './money-model-rows.ts';

let bench: ActivityBench;
afterEach(() => bench.stop());

const runs = Number(process.env.MODEL_RUNS ?? 5);
const kind = <T extends string>(...kinds: T[]) => fc.constantFrom(...kinds);
const which = fc.nat({ max: 9 });
/** Small amounts, so that balances, limits and tills are met exactly; and some that need more than 32 bits. */
const amount = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom(1_000_000_000, 999_999_999) },
);
const small = fc.integer({ min: 0, max: 6 });

const anAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: kind('charge', 'prepay'), amount }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: kind('pay'),
      which,
      means: kind('cash', 'card', 'credit'),
      amount,
      prepaid: small,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: kind('reverse'), which }) },
  { weight: 2, arbitrary: fc.record({ do: kind('waive'), which, amount }) },
  { weight: 4, arbitrary: fc.record({ do: kind('dispute', 'withdraw', 'uphold', 'reject', 'drop'), which }) },
  { weight: 3, arbitrary: fc.record({ do: kind('payout', 'deposit', 'return'), amount }) },
  { weight: 2, arbitrary: fc.record({ do: kind('overdraft'), amount: small }) },
);

/** Currencies without decimals, with two and with three; the same whole minor units. */
test.each(['JPY', 'CNY', 'KWD'])(
  'P2 P7 P10 whatever is charged, paid, waived, disputed, taken back, prepaid and paid out, in whatever order, the books are what a cashier would make of them, in %s',
  async (currency) => {
    bench = await startActivities({ change: (policy) => ({ ...policy, currency }) });
    const asTheModel = fc.asyncProperty(
      fc.array(anAct, { minLength: 15, maxLength: 40, size: 'max' }),
      async (acts) => {
        const [model, rows] = [createModel(), await createRows(bench)];
        for (const act of acts) {
          const expected = apply(model, act);
          expect({ act, done: await rows.apply(act) }).toEqual({ act, done: expected });
          expect({ act, now: await rows.picture() }).toEqual({ act, now: picture(model) });
        }
        await rows.empty();
        expect(await bench.audit(rows.now(), 'P365D')).toEqual([]);
      },
    );
    await fc.assert(asTheModel, { numRuns: runs });
    const currencies = await bench.rows('select distinct currency from posting');
    expect(currencies).toEqual([{ currency }]);
  },
  300_000,
);
