import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { payCharges } from '../../activities/tills/take-payment.ts';
import { lockFamily } from '../../db/locks.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createCashDesk } from '../support/documents.ts';

let bench: ActivityBench;
let desk: ReturnType<typeof createCashDesk>;
beforeAll(async () => {
  bench = await startActivities();
  desk = createCashDesk(bench, 'main');
});
afterAll(() => bench?.stop());

const now = Date.parse('2026-06-10T03:00:00Z');
const rounds = 3;
const atOnce = 12;

/** Pays, and throws after everything was written; `meanwhile` is waited for before that. */
async function given(
  patronId: string,
  chargeId: string,
  ending: 'commit' | 'roll back' = 'roll back',
  meanwhile: (tx: Tx) => Promise<void> = async () => {},
): Promise<void> {
  const lines = [{ chargeId, amountMinor: 500 }];
  const wish = { paymentId: uuid(), patronId, lines, means: 'cash', actor: 'staff:1', now } as const;
  await inTransaction(bench.orm, async (tx) => {
    const family = await lockFamily(tx, patronId);
    if (!family) throw new Error('There is no such reader.');
    expect(await payCharges(tx, bench.policy, family, { ...wish, branch: 'north' })).toHaveProperty(
      'paymentId',
    );
    await tx.flush();
    await meanwhile(tx);
    if (ending === 'roll back') throw new Error('rolled back');
  });
}

const charged = async () => {
  const { id } = await bench.build.patron();
  return { id, chargeId: await desk.charge(id, 'document-delivery', 500, now) };
};

test.each(['commit', 'roll back'] as const)(
  'P6 whoever comes second waits for the number until the first is done: %s',
  async (ending) => {
    const [first, second] = [await charged(), await charged()];
    const before = (await desk.documents(`kind = 'receipt'`)).length;
    let waiting: Promise<unknown> | undefined;
    const paid = given(first.id, first.chargeId, ending, async (tx) => {
      await tx.execute('set constraints all immediate');
      waiting = desk.pay(second.id, { [second.chargeId]: 500 }, now);
      const soon = new Promise((resolve) => setTimeout(resolve, 400, 'still waiting'));
      expect(await Promise.race([waiting, soon])).toBe('still waiting');
    });
    if (ending === 'commit') await paid;
    else await expect(paid).rejects.toThrow('rolled back');
    await waiting;
    const numbers = (await desk.documents(`kind = 'receipt'`)).map(({ number }) => number);
    const more = ending === 'commit' ? 2 : 1;
    expect(numbers).toEqual(Array.from({ length: before + more }, (_, index) => index + 1));
  },
);

test('P6 numbers have no gaps and no doubles, however many are issued at once and however many are rolled back in between', async () => {
  const before = (await desk.documents(`kind = 'receipt'`)).length;
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      Array.from({ length: atOnce }, async (_, index) => {
        const { id, chargeId } = await charged();
        if (index % 3 === 0) await expect(given(id, chargeId)).rejects.toThrow('rolled back');
        const { paymentId } = await desk.pay(id, { [chargeId]: 500 }, now + index);
        if (index % 4 === 0) await desk.invoice(await desk.request(id, paymentId, now), now);
      }),
    );
  }
  for (const [kind, issued] of [
    ['receipt', before + rounds * atOnce],
    ['invoice', (rounds * atOnce) / 4],
  ] as const) {
    const found = await desk.documents('kind = ?', kind);
    expect(found.map(({ number }) => number)).toEqual(
      Array.from({ length: issued }, (_, index) => index + 1),
    );
  }
});

test('P6 a payment is taken back or invoiced, never both, when both are asked for at once', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { id } = await bench.build.patron();
    const { paymentId } = await desk.paid(id, now);
    const requestId = await desk.request(id, paymentId, now, { country: 'DE' });
    const remarkId = uuid();
    await bench.rows(
      `insert into remark (id, library, author, text, created_at) values (?, 'demo', ?, 'mistake', now())`,
      [remarkId, uuid()],
    );
    const step = { operation: uuid(), now, actor: 'staff:1' } as const;
    const answers = await Promise.all([
      bench.perform((activities) => activities.issueInvoice({ requestId, ...step, operation: uuid() })),
      bench.perform((activities) =>
        activities.reversePayment({ paymentId, library: 'demo', remarkId, ...step }),
      ),
    ]);
    expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(1);
  }
  await bench.rows(`update notice set state = 'withdrawn', settled_at = created_at where state = 'queued'`);
  expect(await bench.audit(now)).toEqual([]);
});
