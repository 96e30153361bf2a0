import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { chargeForRequest } from '../../activities/charges/charges.ts';
import { lockPatron, present } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Charges, createCharges } from '../support/charges.ts';
import { createFamilies, type Families } from '../support/family.ts';

/** Waived usage fees, what requests cost, and cards that are closed. */
let bench: ActivityBench;
let charges: Charges;
let families: Families;
const now = Date.parse('2026-12-10T12:00:00Z');
const desk = 'staff:00000000-0000-7000-8000-000000000001';

beforeAll(async () => {
  bench = await startActivities({ library: 'bibliotheca' });
  charges = createCharges(bench, now);
  families = createFamilies(bench, now);
});
afterAll(() => bench?.stop());

const paidUntil = async (id: string) => {
  const [row] = await bench.rows<{ until: string }>(
    'select paid_until::text as until from patron where id = ?',
    [id],
  );
  return row?.until;
};

test('F3 P1 a usage fee that is waived extends the whole family, and taking the waiver back takes that back', async () => {
  const given = { userGroup: 'main-card', paidUntil: '2026-12-20' };
  const [main, sub] = [await bench.build.patron(given), await bench.build.patron(given)];
  await families.link(sub.id, main.id);
  await bench.activities.lookAtMembership({ patronId: main.id, now });
  const [fee] = await bench.rows<{ id: string }>('select id from charge where patron_id = ?', [main.id]);
  const waiverId = uuid();
  await charges.pay(main.id, fee?.id ?? '', 1000);
  expect(await charges.waive(fee?.id ?? '', undefined, waiverId)).toMatchObject({ openMinor: 0 });
  expect([await paidUntil(main.id), await paidUntil(sub.id)]).toEqual(['2027-12-20', '2027-12-20']);
  expect(await charges.unwaive(waiverId)).toMatchObject({ openMinor: 1400 });
  expect([await paidUntil(main.id), await paidUntil(sub.id)]).toEqual(['2026-12-20', '2026-12-20']);
  expect(await bench.audit(now)).toEqual([]);
});

test('F5 P7 a disputed usage fee is dropped when its card becomes a sub card, and nobody is asked about it any more', async () => {
  const given = { userGroup: 'main-card', paidUntil: '2026-12-20' };
  const [main, joining] = [await bench.build.patron(given), await bench.build.patron(given)];
  await bench.activities.lookAtMembership({ patronId: joining.id, now });
  const [fee] = await bench.rows<{ id: string }>('select id from charge where patron_id = ?', [joining.id]);
  await charges.dispute(joining.id, fee?.id ?? '');
  await families.link(joining.id, main.id);
  expect(await charges.charge(fee?.id ?? '')).toEqual({ remaining: 0, disputed: false, dropped: true });
  const tasks = await bench.rows(`select outcome from task where subject_id = ?`, [fee?.id]);
  expect(tasks).toEqual([{ outcome: 'dropped' }]);
  expect(await bench.audit(now)).toEqual([]);
});

test('A12 a card that owes, disputed or not, is not closed; waived it is', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id);
  const close = () => bench.activities.closePatron({ ...charges.step(), patronId: id, actor: desk });
  await charges.dispute(id, chargeId);
  expect(await close()).toEqual({ refused: [{ code: 'patron-owes', amountMinor: 1000 }] });
  const waiverId = uuid();
  await charges.withdraw(id, chargeId);
  await charges.waive(chargeId, undefined, waiverId);
  expect(await close()).toMatchObject({ patronId: id });
  expect(await charges.unwaive(waiverId)).toEqual({ refused: [{ code: 'patron-closed' }] });
});

test('I15 I16 a request is charged once, with its subsidy, never above the reader’s own limit; paid, its process is woken', async () => {
  const { id } = await charges.reader();
  const requestId = uuid();
  const charge = (limitMinor: number) =>
    inTransaction(bench.orm, async (tx) => {
      const patron = present(await lockPatron(tx, id), 'reader');
      return chargeForRequest(tx, bench.policy, patron, {
        cause: 'interlibrary-loan',
        requestId,
        fee: { amountMinor: 500, subsidyMinor: 1000 },
        limitMinor,
        waits: `ill:${requestId}`,
        at: new Date(now),
        actor: desk,
      });
    });
  expect(await charge(499)).toEqual({
    refused: [{ code: 'fee-above-own-limit', amountMinor: 500, limitMinor: 499 }],
  });
  const raised = await charge(500);
  const chargeId = 'chargeId' in raised ? (raised.chargeId ?? '') : '';
  expect(await charge(500)).toEqual({ chargeId: null });
  expect(await charges.balance('subsidy:interlibrary-loan')).toBe(1000);
  expect(await charges.balance('income:interlibrary-loan')).toBe(-1500);
  await charges.pay(id, chargeId, 500);
  expect(bench.woken).toContain(`ill:${requestId}`);
});
