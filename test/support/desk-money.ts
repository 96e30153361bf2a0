import { v7 as uuid } from 'uuid';
import { reverseCharge } from '../../activities/charges/money.ts';
import { lockPatron } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { ActivityBench } from './activities.ts';
import { createCharges } from './charges.ts';

const desk = 'staff:00000000-0000-7000-8000-000000000001';

/** What a test does at the cash desk of the main branch; steps follow each other by a second from `begin`, epoch milliseconds. Amounts are minor units. */
export function createDesk(bench: ActivityBench, begin: number, branch = 'main') {
  const { perform, rows, orm } = bench;
  const charges = createCharges(bench, begin);
  const { step, library, remark } = charges;
  const by = { branch, actor: desk } as const;
  const take = (patronId: string, given: object) => {
    const wish = {
      paymentId: uuid(),
      patronId,
      lines: [],
      means: 'cash',
      ...by,
      ...step(),
      ...given,
    } as const;
    return perform((does) => does.takePayment(wish));
  };
  return {
    ...charges,
    take,
    /** Pays part of one charge; answers the payment's id, or what was refused. */
    payOf: (
      patronId: string,
      chargeId: string,
      amountMinor: number,
      means: 'cash' | 'card' | 'credit' = 'cash',
    ) => take(patronId, { lines: [{ chargeId, amountMinor }], means }),
    prepay: (patronId: string, prepaidMinor: number, means: 'cash' | 'card' = 'cash') =>
      take(patronId, { prepaidMinor, means }),
    reverse: async (paymentId: string) => {
      const wish = { paymentId, library, remarkId: await remark(), actor: desk, ...step() } as const;
      return perform((does) => does.reversePayment(wish));
    },
    payOut: (patronId: string, amountMinor: number) => {
      const wish = { payoutId: uuid(), patronId, amountMinor, ...by, ...step() };
      return perform((does) => does.payOut(wish));
    },
    deposit: (patronId: string, direction: 'taken' | 'returned', amountMinor: number) => {
      const wish = {
        depositId: uuid(),
        patronId,
        direction,
        amountMinor,
        means: 'cash',
        ...by,
        ...step(),
      } as const;
      return perform((does) => does.moveDeposit(wish));
    },
    open: (countMinor: number, sessionId = uuid()) =>
      perform((does) => does.openDrawer({ sessionId, library, ...by, countMinor, ...step() })),
    close: (sessionId: string, countMinor: number) =>
      perform((does) => does.closeDrawer({ sessionId, library, actor: desk, countMinor, ...step() })),
    move: async (sessionId: string, direction: 'in' | 'out', amountMinor: number) => {
      const remarkId = await remark();
      const movement = {
        movementId: uuid(),
        sessionId,
        library,
        direction,
        place: 'safe',
        amountMinor,
      } as const;
      return perform((does) => does.moveCash({ ...movement, remarkId, actor: desk, ...step() }));
    },
    overdraft: (patronId: string, limit: number | null) =>
      orm.em.fork().execute('update patron set overdraft_limit = ? where id = ?', [limit, patronId]),
    /** Takes a charge back, as when a card becomes a sub card; what was paid of it is balance then. */
    drop: (patronId: string, chargeId: string) =>
      inTransaction(orm, async (tx) => {
        await lockPatron(tx, patronId);
        const [at, operation] = [new Date(step().now), `drop/${chargeId}`];
        return reverseCharge(tx, { id: chargeId }, { operation, at, actor: desk, reason: 'closed' });
      }),
    /** What is paid and not used. */
    credit: async (patronId: string) => 0 - (await charges.balance(`prepaid:${patronId}`)),
    /** An online payment as its gateway's money left it: for nothing but the balance. */
    paidOnline: async (patronId: string, amountMinor: number) => {
      const [id, at] = [uuid(), new Date(step().now)];
      const currency = bench.policy.currency;
      await rows(
        `insert into payment (id, library, patron_id, means, way, state, amount, prepaid, received, currency, provider, actor, begun_at, ended_at)
         values (?, ?, ?, 'online', 'online', 'settled', ?, ?, ?, ?, 'online', 'system', ?, ?)`,
        [id, library, patronId, amountMinor, amountMinor, amountMinor, currency, at, at],
      );
      await rows(
        `with booked as (insert into journal (id, library, operation, kind, patron_id, payment_id, at, actor)
           values (?, ?, ?, 'payment-online', ?, ?, ?, 'system') returning id)
         insert into posting (id, journal_id, account, amount, currency)
           select gen_random_uuid(), booked.id, line.account, line.amount, ? from booked,
             (values ('gateway:online', ?::bigint), ('prepaid:' || ?::text, -(?::bigint))) line (account, amount)`,
        [id, library, `payment:${id}`, patronId, id, at, currency, amountMinor, patronId, amountMinor],
      );
      return id;
    },
  };
}

export type Desk = ReturnType<typeof createDesk>;
