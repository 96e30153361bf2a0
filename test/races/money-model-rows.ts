import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';
import { createCharges } from '../support/charges.ts';
import { type Act, type Acts, type Means, nth, type Shown } from './money-model.ts';
import { desk, refusals } from './race.ts';

const begin = Date.UTC(2026, 5, 1, 6);
const unknown = { refused: [{ code: 'charge-unknown' }] };

/** What the model does, done by the activities on one reader's rows and a till of its own; each act is a second after the one before it. */
export async function createRows(bench: ActivityBench) {
  const desks = createCharges(bench, begin);
  const { step, library } = desks;
  const patron = await desks.reader();
  const before = await till(bench);
  const charges: string[] = [];
  const by = { branch: 'main', actor: desk } as const;

  const take = (means: Means, lines: { chargeId: string; amountMinor: number }[], prepaidMinor: number) => {
    const wish = { paymentId: uuid(), patronId: patron.id, lines, prepaidMinor, means, ...by, ...step() };
    return bench.perform((does) => does.takePayment(wish));
  };

  /** What the library owes on an account. */
  const owedOn = async (account: string) => {
    const sql = 'select coalesce(-sum(amount), 0)::float8 as sum from posting where account = ?';
    return (await bench.rows<{ sum: number }>(sql, [account]))[0]?.sum ?? 0;
  };

  /** The reader's payments in the order in which they were booked. */
  const payments = async () =>
    (
      await bench.rows<{ id: string }>('select id from payment where patron_id = ? order by begun_at, id', [
        patron.id,
      ])
    ).map(({ id }) => id);

  async function reverse(which: number): Promise<object> {
    const paymentId = nth(await payments(), which) ?? uuid();
    const remarkId = await desks.remark();
    return bench.perform((does) =>
      does.reversePayment({ paymentId, library, remarkId, actor: desk, ...step() }),
    );
  }

  async function overdraft(amount: number): Promise<object> {
    const changeId = uuid();
    await bench.rows(
      `insert into patron_change (id, library, patron_id, actor, wanted, submitted_at) values (?, ?, ?, ?, ?, now())`,
      [changeId, library, patron.id, desk, JSON.stringify({ overdraftLimit: amount })],
    );
    return bench.perform((does) => does.changePatron({ changeId, ...step() }));
  }

  const deposit = (direction: 'taken' | 'returned', amountMinor: number) => {
    const move = { depositId: uuid(), patronId: patron.id, direction, amountMinor, means: 'cash' } as const;
    return bench.perform((does) => does.moveDeposit({ ...move, ...by, ...step() }));
  };

  const of = (which: number, does: (chargeId: string) => Promise<object>) => {
    const chargeId = nth(charges, which);
    return chargeId === undefined ? Promise.resolve(unknown) : does(chargeId);
  };

  const acts: Acts<[], Promise<object>> = {
    charge: async ({ amount }) => {
      charges.push(await desks.raise(patron.id, amount));
      return {};
    },
    pay: ({ which, means, amount: amountMinor, prepaid }) =>
      of(which, (chargeId) => take(means, [{ chargeId, amountMinor }], means === 'credit' ? 0 : prepaid)),
    prepay: ({ amount }) => take('cash', [], amount),
    payout: ({ amount: amountMinor }) => {
      const wish = { payoutId: uuid(), patronId: patron.id, amountMinor, ...by, ...step() };
      return bench.perform((does) => does.payOut(wish));
    },
    overdraft: ({ amount }) => overdraft(amount),
    deposit: ({ amount }) => deposit('taken', amount),
    return: ({ amount }) => deposit('returned', amount),
    reverse: ({ which }) => reverse(which),
    waive: ({ which, amount }) => of(which, (chargeId) => desks.waive(chargeId, amount)),
    drop: ({ which }) => of(which, (chargeId) => desks.takeBack(chargeId)),
    dispute: ({ which }) => of(which, (chargeId) => desks.dispute(patron.id, chargeId)),
    withdraw: ({ which }) => of(which, (chargeId) => desks.withdraw(patron.id, chargeId)),
    uphold: ({ which }) => of(which, (chargeId) => desks.decide(chargeId, 'uphold')),
    reject: ({ which }) => of(which, (chargeId) => desks.decide(chargeId, 'reject')),
  };

  return {
    now: () => step().now,
    /** Whether it was done, and not refused. */
    apply: async (act: Act) => {
      const answer = await (acts[act.do] as (act: Act) => Promise<object>)(act);
      return refusals(answer).length === 0;
    },
    async picture(): Promise<Shown> {
      const rows = await bench.rows<{ id: string; remaining: number }>(
        'select id, remaining::float8 as remaining from charge where patron_id = ?',
        [patron.id],
      );
      return {
        open: charges.map((id) => rows.find((row) => row.id === id)?.remaining ?? -1),
        credit: await owedOn(`prepaid:${patron.id}`),
        deposit: await owedOn(`deposit:${patron.id}`),
        till: (await till(bench)) - before,
      };
    },
    /** Nothing of it is left in the till for whoever comes next. */
    async empty(): Promise<void> {
      const left = (await till(bench)) - before;
      if (left === 0) return;
      const sessionId = uuid();
      const count = { sessionId, library, ...by, ...step() };
      await bench.perform((does) => does.openDrawer({ ...count, countMinor: before + left }));
      const remarkId = await desks.remark();
      await bench.perform((does) =>
        does.moveCash({
          movementId: uuid(),
          sessionId,
          library,
          direction: 'out',
          place: 'safe',
          amountMinor: left,
          remarkId,
          actor: desk,
          ...step(),
        }),
      );
      await bench.perform((does) =>
        does.closeDrawer({ sessionId, library, actor: desk, countMinor: before, ...step() }),
      );
    },
  };
}

/** What is in the till of the main branch, in minor units. */
async function till({ rows, build }: ActivityBench): Promise<number> {
  const [row] = await rows<{ sum: number }>(
    `select coalesce(sum(amount), 0)::float8 as sum from posting join journal on journal.id = journal_id where account = 'cash:main' and library = ?`,
    [build.library],
  );
  return row?.sum ?? 0;
}
