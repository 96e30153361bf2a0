import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';

let bench: ActivityBench;

beforeAll(async () => {
  bench = await startActivities({ library: 'bibliotheca' });
});

afterAll(async () => {
  await bench?.stop();
});

const actor = 'staff:1' as const;
const at = (text: string) => Date.parse(text);
const step = (now: number) => ({ operation: uuid(), now, actor });

interface Money {
  readonly id: string;
  readonly amount: number;
  readonly remaining: number;
  readonly dropped: boolean;
}

const fees = (patronId: string) =>
  bench.rows<Money>(
    `select id, amount::int, remaining::int, dropped_at is not null as dropped from charge where patron_id = ? and cause = 'membership' order by raised_at`,
    [patronId],
  );
const paidUntil = async (...ids: string[]) => {
  const rows = await bench.rows<{ id: string; until: string | null }>(
    'select id, paid_until::text as until from patron where id = any(?::uuid[])',
    [`{${ids.join(',')}}`],
  );
  return ids.map((id) => rows.find((row) => row.id === id)?.until);
};
const balance = async (account: string) => {
  const [row] = await bench.rows<{ sum: number }>(
    'select coalesce(sum(amount), 0)::int as sum from posting where account = ?',
    [account],
  );
  return row?.sum;
};

const card = (given: object = {}) =>
  bench.build.patron({ userGroup: 'main-card', paidUntil: '2026-12-31', ...given });
const look = (patronId: string, now: number) =>
  bench.perform((activities) => activities.lookAtMembership({ patronId, now }));
const pay = (patronId: string, chargeId: string, amountMinor: number, now: number, given: object = {}) => {
  const lines = [{ chargeId, amountMinor }];
  const wish = {
    paymentId: uuid(),
    patronId,
    lines,
    means: 'cash',
    branch: 'zentrale',
    ...step(now),
  } as const;
  return bench.perform((activities) => activities.takePayment({ ...wish, ...given }));
};
const link = (mainId: string, subId: string, now: number) =>
  bench.perform((activities) => activities.linkCard({ mainId, subId, ...step(now) }));
const linked = async (mainId: string, given: object = {}) => {
  const sub = await card(given);
  await link(mainId, sub.id, at('2026-02-01T10:00:00Z'));
  return sub;
};

async function raised(given: object = {}, now = at('2026-12-02T12:00:00Z')) {
  const main = await card(given);
  await look(main.id, now);
  const [charge] = await fees(main.id);
  return { main, charge: charge as Money, now };
}

describe('raising', () => {
  test('F12 nothing before its time; then once, however often and at once it is looked at', async () => {
    const main = await card();
    expect(await look(main.id, at('2026-11-30T12:00:00Z'))).toMatchObject({ state: 'paid', deliver: [] });
    const now = at('2026-12-01T09:00:00Z');
    await Promise.all(Array.from({ length: 6 }, () => look(main.id, now)));
    expect(await fees(main.id)).toMatchObject([{ amount: 2400, remaining: 2400 }]);
    const notices = await bench.rows('select kind, channel from notice where subject_id = ?', [main.id]);
    expect(notices).toEqual([{ kind: 'membership-due', channel: 'mail' }]);
    expect(await look(main.id, now)).toMatchObject({ state: 'due', ended: false });
  });

  test('F2 a sub card has no fee of its own, and its process ends', async () => {
    const main = await card();
    const sub = await linked(main.id);
    expect(await look(sub.id, at('2027-06-01T12:00:00Z'))).toMatchObject({ state: 'sub-card', ended: true });
    expect(await fees(sub.id)).toEqual([]);
  });

  test('F2 a subsidy is a posting of its own; the reader owes the rest', async () => {
    const before = await balance('subsidy:membership');
    const { main, charge } = await raised({ userGroup: 'reduced' });
    expect(charge).toMatchObject({ amount: 1200, remaining: 1200 });
    expect(await balance(`receivable:${main.id}`)).toBe(1200);
    expect(await balance('subsidy:membership')).toBe((before ?? 0) + 1200);
  });

  test('F2 an exempt card is extended with its sub cards when the fee would be raised, without a charge', async () => {
    const main = await card({ userGroup: 'institution' });
    const sub = await linked(main.id, { paidUntil: '2026-12-31' });
    expect(await look(main.id, at('2026-12-02T12:00:00Z'))).toMatchObject({ state: 'paid' });
    expect(await paidUntil(main.id, sub.id)).toEqual(['2027-12-31', '2027-12-31']);
    expect(await fees(main.id)).toEqual([]);
  });

  test('F12 after an outage the latest reminder only; a card dormant for years is left alone, the cashier raises its fee', async () => {
    const { main } = await raised({ paidUntil: '2026-11-20' }, at('2026-12-10T12:00:00Z'));
    const rows = await bench.rows<{ step: number }>(
      `select (content->>'step')::int as step from notice where subject_id = ?`,
      [main.id],
    );
    expect(rows).toEqual([{ step: 4 }]);

    const away = await card({ paidUntil: '2020-01-31' });
    const now = at('2026-12-10T12:00:00Z');
    expect(await look(away.id, now)).toMatchObject({ state: 'dormant', deliver: [] });
    const answer = await bench.perform((activities) =>
      activities.raiseMembershipFee({ patronId: away.id, ...step(now) }),
    );
    expect(answer).toEqual({ chargeId: expect.any(String), paidUntil: '2020-01-31' });
    await pay(away.id, (answer as { chargeId: string }).chargeId, 2400, now);
    expect(await paidUntil(away.id)).toEqual(['2027-12-09']);
  });
});

describe('paying', () => {
  test('F3 F4 paying extends main and every sub card for the same period, in one step', async () => {
    const { main, charge, now } = await raised();
    const subs = await Promise.all([1, 2, 3].map(() => linked(main.id, { paidUntil: '2026-12-31' })));
    const ahead = await linked(main.id, { paidUntil: '2028-06-30' });
    const ids = [main, ...subs].map(({ id }) => id);
    expect(await pay(main.id, charge.id, 2400, now)).toMatchObject({ paidUntil: '2027-12-31' });
    expect(new Set(await paidUntil(...ids))).toEqual(new Set(['2027-12-31']));
    expect(await paidUntil(ahead.id)).toEqual(['2028-06-30']);
    expect(await balance(`receivable:${main.id}`)).toBe(0);
    expect(await look(main.id, now)).toMatchObject({ state: 'paid', deliver: [] });
  });

  test('P10 in parts: nothing is extended until all is paid, and more than is open is refused', async () => {
    const { main, charge, now } = await raised();
    expect(await pay(main.id, charge.id, 1000, now)).toMatchObject({ paidUntil: '2026-12-31' });
    expect(await pay(main.id, charge.id, 1500, now)).toEqual({
      refused: [{ code: 'payment-exceeds-charge', chargeId: charge.id, openMinor: 1400 }],
    });
    expect(await pay(main.id, charge.id, 1400, now)).toMatchObject({ paidUntil: '2027-12-31' });
  });

  test('P10 two cashiers at once: one books, the other is told; the same request twice books once', async () => {
    const { main, charge, now } = await raised();
    const paying = () => pay(main.id, charge.id, 2400, now);
    const answers = await Promise.all([paying(), paying(), paying()]);
    expect(answers.filter((answer) => 'paymentId' in answer)).toHaveLength(1);
    expect(answers.filter((answer) => 'refused' in answer)[0]).toEqual({
      refused: [{ code: 'charge-settled', chargeId: charge.id }],
    });

    const again = await raised();
    const same = { operation: uuid(), paymentId: uuid() };
    const twice = () => pay(again.main.id, again.charge.id, 1000, now, same);
    expect(await twice()).toEqual(await twice());
    expect((await fees(again.main.id))[0]).toMatchObject({ remaining: 1400 });
  });

  test('P10 somebody else’s charge, an unknown branch and too small a credit are told together', async () => {
    const { charge, now } = await raised();
    const other = await card();
    expect(await pay(other.id, charge.id, 1, now, { means: 'credit', branch: 'moon' })).toEqual({
      refused: [
        { code: 'charge-unknown', chargeId: charge.id },
        { code: 'branch-unknown', branch: 'moon' },
        { code: 'credit-too-small', creditMinor: 0 },
      ],
    });
  });
});

describe('taking back', () => {
  const takeBack = (paymentId: string, now: number, library = 'bibliotheca') =>
    bench.perform((activities) =>
      activities.reversePayment({ paymentId, library, remarkId: remark, ...step(now) }),
    );
  const remark = uuid();

  beforeAll(async () => {
    await bench.rows(`insert into remark values (?, 'bibliotheca', ?, 'wrong reader', now())`, [
      remark,
      uuid(),
    ]);
  });

  test('P10 F3 a payment by mistake is reversed once; main and sub cards are as before, and it can be paid again', async () => {
    const { main, charge, now } = await raised();
    const sub = await linked(main.id, { paidUntil: '2027-03-31' });
    const paid = (await pay(main.id, charge.id, 2400, now)) as { paymentId: string };
    const later = await linked(main.id, { paidUntil: '2027-12-31' });
    expect(await takeBack(paid.paymentId, now, 'zju')).toEqual({ refused: [{ code: 'payment-unknown' }] });
    const answers = await Promise.all([takeBack(paid.paymentId, now), takeBack(paid.paymentId, now)]);
    expect(answers.filter((answer) => 'paymentId' in answer)).toHaveLength(1);
    expect(await paidUntil(main.id, sub.id, later.id)).toEqual(['2026-12-31', '2027-03-31', '2026-12-31']);
    expect(await balance(`receivable:${main.id}`)).toBe(2400);
    expect(await pay(main.id, charge.id, 2400, now)).toMatchObject({ paidUntil: '2027-12-31' });
    expect(await paidUntil(main.id, sub.id, later.id)).toEqual(['2027-12-31', '2027-12-31', '2027-12-31']);
  });

  test('P10 not when the next fee has been raised since', async () => {
    const { main, charge, now } = await raised();
    const paid = (await pay(main.id, charge.id, 2400, now)) as { paymentId: string };
    await look(main.id, at('2027-12-05T12:00:00Z'));
    expect(await fees(main.id)).toHaveLength(2);
    expect(await takeBack(paid.paymentId, at('2027-12-06T12:00:00Z'))).toEqual({
      refused: [{ code: 'payment-followed', chargeId: charge.id }],
    });
  });
});

describe('families while the fee is open', () => {
  test('F5 a fee paid in part is dropped on linking; what was paid is credit and can pay something else', async () => {
    const { main: single, charge, now } = await raised();
    const other = await raised();
    await pay(single.id, charge.id, 900, now);
    await link(other.main.id, single.id, now);
    expect(await fees(single.id)).toMatchObject([{ remaining: 0, dropped: true }]);
    expect(await balance(`receivable:${single.id}`)).toBe(0);
    expect(await balance(`prepaid:${single.id}`)).toBe(-900);
    expect(await pay(single.id, charge.id, 1, now)).toMatchObject({ refused: [{ code: 'charge-settled' }] });
  });

  test('F3 F5 a card linked while its main card’s fee is being paid is extended with it, or linked to what was paid', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { main, charge, now } = await raised();
      const single = await raised();
      await Promise.all([link(main.id, single.main.id, now), pay(main.id, charge.id, 2400, now)]);
      expect(await paidUntil(main.id, single.main.id)).toEqual(['2027-12-31', '2027-12-31']);
    }
  });

  test('F5 P10 a card linked while its own fee is being paid: paid and further ahead, or dropped and refused', async () => {
    for (let round = 0; round < 5; round += 1) {
      const other = await card();
      const { main: single, charge, now } = await raised();
      const [, paid] = await Promise.all([
        link(other.id, single.id, now),
        pay(single.id, charge.id, 2400, now),
      ]);
      const until = 'refused' in paid ? '2026-12-31' : '2027-12-31';
      expect(await paidUntil(single.id)).toEqual([until]);
      expect(await balance(`receivable:${single.id}`)).toBe(0);
    }
  });

  test('F8 the day before expiry a card is unlinked: it keeps its "paid until" and gets its own fee', async () => {
    const now = at('2026-12-30T12:00:00Z');
    const main = await card();
    const sub = await linked(main.id);
    await bench.perform((activities) => activities.unlinkCard({ subId: sub.id, ...step(now) }));
    await look(sub.id, now);
    expect(await fees(sub.id)).toMatchObject([{ amount: 2400, remaining: 2400 }]);
    expect(await paidUntil(sub.id)).toEqual(['2026-12-31']);
  });

  test('F7 a blocked main card is charged, paid and extended like any other', async () => {
    const { main, charge, now } = await raised();
    await bench.build.block(main.id);
    const sub = await linked(main.id);
    await pay(main.id, charge.id, 2400, now);
    expect(await paidUntil(main.id, sub.id)).toEqual(['2027-12-31', '2027-12-31']);
  });

  test('F11 the reader has moved away: the card is closed, and an unpaid fee goes with it', async () => {
    const { main, now } = await raised();
    const closed = await bench.perform((activities) =>
      activities.closePatron({ patronId: main.id, ...step(now) }),
    );
    expect(closed).toMatchObject({ patronId: main.id });
    expect(await fees(main.id)).toMatchObject([{ remaining: 0, dropped: true }]);
    expect(await look(main.id, now)).toMatchObject({ state: 'closed', ended: true });
  });
});

test('P10 the books are sound after all of it', async () => {
  const broken = await bench.audit(at('2026-12-01T12:00:00Z'));
  // Nothing delivers mail here.
  expect(broken.filter(({ name }) => name !== 'notice-not-forgotten')).toEqual([]);
});
