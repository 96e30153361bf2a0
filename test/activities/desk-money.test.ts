import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { waysPolicy } from '../../domain/policy-ways.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createDesk, type Desk } from '../support/desk-money.ts';

const begin = Date.UTC(2026, 5, 1, 6);

let bench: ActivityBench;
let at: Desk;
beforeAll(async () => {
  bench = await startActivities();
  at = createDesk(bench, begin);
});
afterAll(() => bench.stop());

const refused = (...codes: string[]) => ({ refused: codes.map((code) => expect.objectContaining({ code })) });
const idOf = (answer: object) => ('paymentId' in answer ? String(answer.paymentId) : JSON.stringify(answer));

describe('P2 the prepaid balance', () => {
  test('P2 is paid in with any amount, and fees are debited from it as they fall due, in part when it does not reach', async () => {
    const { id } = await at.reader();
    expect(await at.prepay(id, 700)).toMatchObject({ paymentId: expect.any(String) });
    const first = await at.raise(id, 300);
    expect(await at.charge(first)).toMatchObject({ remaining: 0 });
    const second = await at.raise(id, 1000);
    expect(await at.charge(second)).toMatchObject({ remaining: 600 });
    expect(await at.credit(id)).toBe(0);
    const debits = await bench.rows(
      `select means, state, amount::int, actor from payment where patron_id = ? and means = 'credit' order by begun_at`,
      [id],
    );
    expect(debits).toEqual([
      { means: 'credit', state: 'settled', amount: 300, actor: 'system' },
      { means: 'credit', state: 'settled', amount: 400, actor: 'system' },
    ]);
  });

  test('P2 never goes below zero without permission, and with it not past the limit; what is paid in later fills it first', async () => {
    const { id } = await at.reader();
    const plain = await at.raise(id, 100);
    expect(await at.payOf(id, plain, 1, 'credit')).toEqual(refused('credit-too-small'));
    await at.overdraft(id, 250);
    expect(await at.payOf(id, plain, 100, 'credit')).toMatchObject({ paymentId: expect.any(String) });
    const next = await at.raise(id, 500);
    expect(await at.charge(next)).toMatchObject({ remaining: 350 });
    expect(await at.credit(id)).toBe(-250);
    expect(await at.payOf(id, next, 1, 'credit')).toEqual(refused('credit-too-small'));
    await at.prepay(id, 260);
    expect(await at.credit(id)).toBe(10);
    expect(await at.charge(next)).toMatchObject({ remaining: 350 });
  });

  /** Does something while the library's balances follow another rule. */
  async function withCredit(credit: object, does: () => Promise<void>): Promise<void> {
    const { ways } = bench.policy.money;
    try {
      Object.assign(bench.policy.money, { ways: waysPolicy.parse({ ...ways, credit }) });
      await does();
    } finally {
      Object.assign(bench.policy.money, { ways });
    }
  }

  test('P2 P7 what falls due again – an objection rejected, accepted in part, or taken back – is debited like a new fee, once, whatever runs twice', async () => {
    const { id } = await at.reader();
    const waits = `ill:${uuid()}`;
    const [rejected, reduced, withdrawn] = [
      await at.raise(id, 300, 'other', waits),
      await at.raise(id, 400),
      await at.raise(id, 500),
    ];
    for (const each of [rejected, reduced, withdrawn]) await at.dispute(id, each);
    await at.prepay(id, 650);
    const answers = await Promise.all([at.decide(rejected, 'reject'), at.decide(rejected, 'reject')]);
    expect(answers).toContainEqual(expect.objectContaining({ chargeId: rejected, openMinor: 0 }));
    expect(answers).toContainEqual(refused('dispute-decided'));
    expect(bench.woken).toContain(waits);
    expect(await at.decide(reduced, 'uphold', 100)).toMatchObject({ openMinor: 0 });
    expect(await at.credit(id)).toBe(50);
    const step = { operation: `charges/${uuid()}`, now: begin + 3_600_000, actor: `patron:${id}` } as const;
    const giveUp = () => bench.activities.withdrawDispute({ ...step, chargeId: withdrawn, patronId: id });
    expect([await giveUp(), await giveUp()]).toEqual([
      { chargeId: withdrawn, openMinor: 450 },
      { chargeId: withdrawn, openMinor: 450 },
    ]);
    expect(await at.credit(id)).toBe(0);
    const told = await bench.rows<{ debited: number; open: number }>(
      `select (content ->> 'debitedMinor')::int as debited, (content ->> 'openMinor')::int as open from notice
       where patron_id = ? and kind = 'dispute-decided' order by created_at`,
      [id],
    );
    expect(told).toEqual([
      { debited: 300, open: 0 },
      { debited: 300, open: 0 },
    ]);
  });

  test('P2 P7 where fees are debited only when asked for, what falls due again is not', () =>
    withCredit({ debit: 'asked' }, async () => {
      const { id } = await at.reader();
      const charge = await at.raise(id, 300);
      await at.dispute(id, charge);
      await at.prepay(id, 300);
      expect(await at.decide(charge, 'reject')).toMatchObject({ openMinor: 300 });
      expect(await at.credit(id)).toBe(300);
    }));

  test('P2 where the policy says so, what is paid in is used at once for what is open, the oldest first; not for what is disputed', () =>
    withCredit({ paidIn: 'debit' }, async () => {
      const { id } = await at.reader();
      const waits = `ill:${uuid()}`;
      const [first, disputed, last] = [
        await at.raise(id, 300, 'other', waits),
        await at.raise(id, 100),
        await at.raise(id, 300),
      ];
      await at.dispute(id, disputed);
      await at.prepay(id, 500);
      expect(await at.charge(first)).toMatchObject({ remaining: 0 });
      expect(await at.charge(disputed)).toMatchObject({ remaining: 100 });
      expect(await at.charge(last)).toMatchObject({ remaining: 100 });
      expect(await at.credit(id)).toBe(0);
      expect(bench.woken).toContain(waits);
    }));

  test('P2 where the policy says so, fees are taken from the balance only when somebody asks for it', () =>
    withCredit({ debit: 'asked' }, async () => {
      const { id } = await at.reader();
      await at.prepay(id, 500);
      const charge = await at.raise(id, 300);
      expect(await at.charge(charge)).toMatchObject({ remaining: 300 });
      expect(await at.payOf(id, charge, 300, 'credit')).toMatchObject({ paymentId: expect.any(String) });
      expect(await at.credit(id)).toBe(200);
    }));

  test('P2 A6 an overdraft cannot be made smaller than what is used of it', async () => {
    const { id } = await at.reader();
    await at.overdraft(id, 250);
    await at.raise(id, 200);
    const change = async (overdraftLimit: number | null) => {
      const changeId = uuid();
      await bench.rows(
        `insert into patron_change (id, library, patron_id, actor, wanted, submitted_at) values (?, ?, ?, 'system', ?, now())`,
        [changeId, at.library, id, JSON.stringify({ overdraftLimit })],
      );
      return bench.activities.changePatron({ changeId, ...at.step() });
    };
    expect(await change(199)).toMatchObject({ refused: [{ code: 'overdraft-used', usedMinor: 200 }] });
    expect(await change(null)).toEqual(refused('overdraft-used'));
    expect(await change(200)).toMatchObject({ fields: ['overdraftLimit'] });
  });

  test('P2 P6 P7 is paid out in cash, but not what was paid online, not more than is there, and not more than the till has', async () => {
    const { id } = await at.reader();
    await at.prepay(id, 400);
    await at.paidOnline(id, 1000);
    expect(await at.payOut(id, 1_000_000)).toEqual(refused('credit-too-small', 'drawer-too-little'));
    expect(await at.payOut(id, 401)).toMatchObject({
      refused: [{ code: 'credit-not-refundable', refundableMinor: 400 }],
    });
    // What is used is used of the online money first.
    await at.raise(id, 900);
    expect(await at.payOut(id, 400)).toMatchObject({ creditMinor: 100 });
    expect(await at.payOut(id, 1)).toEqual(refused('credit-not-refundable'));
  });

  test('P6 what is paid out, and each deposit taken or given back, has its numbered receipt by mail, once; what is refused takes no number', async () => {
    const { id } = await at.reader();
    const given = (
      await bench.rows<{ kind: string; last: number }>('select kind, last from document_counter')
    )
      .filter(({ kind }) => kind === 'payout' || kind.startsWith('deposit'))
      .map(({ kind, last }) => [kind, last] as const);
    const before = new Map(given);
    await at.prepay(id, 500);
    expect(await at.payOut(id, 501)).toEqual(refused('credit-too-small'));
    const payoutId = uuid();
    const step = {
      payoutId,
      patronId: id,
      amountMinor: 200,
      branch: 'main',
      actor: 'staff:1',
      ...at.step(),
    } as const;
    const answers = [await bench.activities.payOut(step), await bench.activities.payOut(step)];
    expect(answers[0]).toEqual({ payoutId, creditMinor: 300, deliver: [expect.any(String)] });
    expect(answers[1]).toEqual(answers[0]);
    expect(await at.deposit(id, 'returned', 1)).toEqual(refused('deposit-too-small'));
    await at.deposit(id, 'taken', 900);
    await at.deposit(id, 'returned', 400);
    const documents = await bench.rows(
      `select kind, number, amount::int, payment_id, content from money_document where patron_id = ? and payment_id is null order by issued_at`,
      [id],
    );
    const next = (kind: string) => (before.get(kind) ?? 0) + 1;
    const about = (cause: string, amountMinor: number) => ({
      means: 'cash',
      lines: [{ cause, amountMinor }],
    });
    expect(documents).toEqual([
      {
        kind: 'payout',
        number: next('payout'),
        amount: 200,
        payment_id: null,
        content: about('credit', 200),
      },
      {
        kind: 'deposit',
        number: next('deposit'),
        amount: 900,
        payment_id: null,
        content: about('deposit', 900),
      },
      {
        kind: 'deposit-return',
        number: next('deposit-return'),
        amount: 400,
        payment_id: null,
        content: about('deposit', 400),
      },
    ]);
  });

  test('P7 what was paid online comes back as balance when its fee is dropped, and is still not paid out', async () => {
    const { id } = await at.reader();
    await at.paidOnline(id, 500);
    const charge = await at.raise(id, 600);
    await at.payOf(id, charge, 50);
    await bench.activities.waiveCharge({
      ...at.step(),
      chargeId: charge,
      library: at.library,
      waiverId: uuid(),
      amountMinor: 10,
      reason: 'goodwill',
      actor: 'system',
    });
    await at.drop(id, charge);
    expect(await at.credit(id)).toBe(550);
    expect(await at.payOut(id, 51)).toMatchObject({
      refused: [{ code: 'credit-not-refundable', refundableMinor: 50 }],
    });
    expect(await at.payOut(id, 50)).toMatchObject({ creditMinor: 500 });
  });
});

describe('P3 the desk', () => {
  test('P3 takes cash and campus card where the policy says so, and nothing else', async () => {
    const { id } = await at.reader();
    const charge = await at.raise(id, 100);
    expect(await at.payOf(id, charge, 40, 'card')).toMatchObject({ paymentId: expect.any(String) });
    expect(await at.balance('card:main')).toBeGreaterThanOrEqual(40);
    const { ways } = bench.policy.money;
    try {
      Object.assign(bench.policy.money, {
        ways: waysPolicy.parse({ card: { branches: ['north'] }, credit: 'none' }),
      });
      expect(await at.payOf(id, charge, 1, 'card')).toMatchObject({
        refused: [{ code: 'means-not-offered', means: 'card' }],
      });
      expect(await at.prepay(id, 10)).toMatchObject({
        refused: [{ code: 'means-not-offered', means: 'credit' }],
      });
    } finally {
      Object.assign(bench.policy.money, { ways });
    }
  });

  test('P1 P7 takes nothing for a disputed fee, nor for one in a payment that is under way, and says which', async () => {
    const { id } = await at.reader();
    const [disputed, locked] = [await at.raise(id, 100), await at.raise(id, 100)];
    await at.dispute(id, disputed);
    const open = uuid();
    const expires = new Date(begin + 3_600_000);
    await bench.rows(
      `insert into payment (id, library, patron_id, means, way, state, amount, currency, actor, begun_at, expires_at)
       values (?, ?, ?, 'online', 'online', 'open', 100, 'EUR', 'system', ?, ?)`,
      [open, at.library, id, new Date(begin), expires],
    );
    await bench.rows('insert into payment_line values (?, ?, 0, 100, true)', [open, locked]);
    const lines = [disputed, locked].map((chargeId) => ({ chargeId, amountMinor: 100 }));
    expect(await at.take(id, { lines })).toEqual({
      refused: [
        { code: 'charge-disputed', chargeId: disputed },
        { code: 'charge-in-payment', chargeId: locked, paymentId: open, until: expires.toISOString() },
      ],
    });
    await bench.rows('delete from payment_line where payment_id = ?', [open]);
    await bench.rows('delete from payment where id = ?', [open]);
  });

  test('A6 a deposit is taken and given back through the books, never more than was left', async () => {
    const { id } = await at.reader();
    expect(await at.deposit(id, 'taken', 5000)).toMatchObject({ heldMinor: 5000 });
    expect(await at.deposit(id, 'returned', 5001)).toMatchObject({
      refused: [{ code: 'deposit-too-small', depositMinor: 5000 }],
    });
    expect(await at.deposit(id, 'returned', 2000)).toMatchObject({ heldMinor: 3000 });
    expect(await at.balance(`deposit:${id}`)).toBe(-3000);
  });

  test('I16 whoever waits for a fee is woken when nothing of it is open any more, and not before', async () => {
    const { id } = await at.reader();
    const waits = `ill:${uuid()}`;
    const charge = await at.raise(id, 100, 'other', waits);
    await at.payOf(id, charge, 60);
    expect(bench.woken).not.toContain(waits);
    await at.payOf(id, charge, 40, 'card');
    expect(bench.woken.filter((each) => each === waits)).toHaveLength(1);
  });
});

describe('P10 a payment taken back', () => {
  test('P10 is shown as such, with all that was booked for it, and only once', async () => {
    const { id } = await at.reader();
    const charge = await at.raise(id, 100);
    const paymentId = idOf(
      await at.take(id, { lines: [{ chargeId: charge, amountMinor: 100 }], prepaidMinor: 30 }),
    );
    expect(await at.reverse(paymentId)).toMatchObject({ paymentId });
    expect(await at.charge(charge)).toMatchObject({ remaining: 100 });
    expect(await at.credit(id)).toBe(0);
    const [row] = await bench.rows<{ reversed: boolean }>(
      'select reversed_at is not null as reversed from payment where id = ?',
      [paymentId],
    );
    expect(row).toEqual({ reversed: true });
    expect(await at.reverse(paymentId)).toEqual(refused('payment-reversed'));
  });

  test('P2 is not when what it added to the balance has been used since', async () => {
    const { id } = await at.reader();
    const paymentId = idOf(await at.prepay(id, 500));
    await at.raise(id, 200);
    expect(await at.reverse(paymentId)).toMatchObject({
      refused: [{ code: 'credit-used', missingMinor: 200 }],
    });
    const [debit] = await bench.rows<{ id: string }>(
      `select id from payment where patron_id = ? and means = 'credit'`,
      [id],
    );
    expect(await at.reverse(debit?.id ?? '')).toMatchObject({ patronId: id });
    expect(await at.reverse(paymentId)).toMatchObject({ patronId: id });
    expect(await at.credit(id)).toBe(0);
  });

  test('P7 is not at the desk when it was made online or came by the bank', async () => {
    const { id } = await at.reader();
    const online = await at.paidOnline(id, 500);
    expect(await at.reverse(online)).toEqual(refused('payment-online'));
    expect(await at.reverse(uuid())).toEqual(refused('payment-unknown'));
  });
});

/** The online payments of this file have money and no gateway. */
const withoutGateway = [
  'settlement-has-receipt',
  'gateway-account-adds-up',
  'capture-booked-once',
  'online-payment-has-checkout',
];

test('P10 after all this the books are in order', async () => {
  const broken = await bench.audit(begin + 3_600_000, 'P365D');
  expect(broken.filter(({ name }) => !withoutGateway.includes(name))).toEqual([]);
});
