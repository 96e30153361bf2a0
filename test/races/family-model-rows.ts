import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { raiseCharge } from '../../activities/charges/money.ts';
import { lockPatron, present } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { membershipPolicy } from '../../domain/policy-membership.ts';
import type { ActivityBench } from '../support/activities.ts';
import { createFamilies, desk } from '../support/family.ts';
import { type Act, type ActOnOne, exemptCards, fee, overdueMinor, type Shown } from './family-model.ts';
import { createActs, lentTitle, refusals } from './race.ts';

const first = Temporal.PlainDate.from('2026-06-01');
const dayMs = 86_400_000;

const dateOf = (day: number): string => first.add({ days: day }).toString();
const dayOf = (date: string): number => first.until(date, { largestUnit: 'days' }).days;

interface Row extends Omit<Shown, 'name' | 'main' | 'paidUntil'> {
  readonly id: string;
  readonly mainId: string | null;
  readonly paidUntil: string;
}

const look = `
  select id, main_id as "mainId", paid_until::text as "paidUntil", closed_at is not null as closed,
    exists (select from block where patron_id = patron.id and lifted_at is null) as blocked,
    (select coalesce(sum(remaining), 0)::int from charge where patron_id = patron.id and cause <> 'membership') as owes,
    (select remaining::int from charge where patron_id = patron.id and cause = 'membership' and remaining > 0) as "feeOpen",
    (select coalesce(-sum(amount), 0)::int from posting where account = 'prepaid:' || patron.id) as credit
  from patron`;

/** The demonstration library with a usage fee of thirty days. */
export function withFee(policy: LibraryPolicy): LibraryPolicy {
  const membership = membershipPolicy.parse({
    period: `P${fee.days}D`,
    amountMinor: fee.amountMinor,
    groups: { child: 'exempt' },
    raiseBefore: `P${fee.ahead}D`,
    noticeTime: '00:00',
    dormantAfter: 'P10Y',
  });
  return { ...policy, membership };
}

const cardOf = (name: string, until: number) => ({
  paidUntil: dateOf(until),
  userGroup: exemptCards.includes(name) ? 'child' : 'adult',
});

/** What the model does, done by the activities on rows; each act is an hour after the one before it, or as many days as are waited. */
export async function createRows(bench: ActivityBench, paidUntil: Readonly<Record<string, number>>) {
  const start = Date.UTC(2026, 5, 1, 6);
  const families = createFamilies(bench, start);
  const act = createActs(bench);
  const ids = new Map<string, string>();
  for (const [name, until] of Object.entries(paidUntil))
    ids.set(name, (await bench.build.patron(cardOf(name, until))).id);
  const payments = new Map<string, string>();
  let today = 0;
  let acts = 0;
  const idOf = (name: string) => present(ids.get(name), `card ${name}`);
  const nameOf = (id: string | null) => [...ids].find(([, each]) => each === id)?.[0] ?? 'nobody';
  const now = () => start + today * dayMs + acts * 1_000;
  const step = () => ({ operation: `command:${uuid()}`, now: now(), actor: desk }) as const;

  /** A charge that is not the usage fee: what a late return would book (F6). */
  const charge = (card: string) =>
    inTransaction(bench.orm, async (tx) => {
      const patron = present(await lockPatron(tx, idOf(card)), card);
      const subject = { type: 'loan', id: uuid(), library: patron.library, patronId: patron.id } as const;
      const at = new Date(now());
      await raiseCharge(tx, bench.policy, subject, {
        cause: 'overdue',
        amountMinor: overdueMinor,
        at,
        actor: 'system',
      });
      return {};
    });

  /** Self-service: a hold on the web, cancelled again so that no limit is met. */
  async function use(card: string): Promise<object> {
    const { titleId } = await lentTitle(bench, now());
    const holdId = uuid();
    const placed = await act.place(idOf(card), titleId, now(), { holdId });
    if (refusals(placed).length === 0) await act.cancel(holdId, idOf(card), now());
    return placed;
  }

  async function lift(card: string): Promise<object> {
    const blocks = await bench.rows<{ id: string }>(
      'select id from block where patron_id = ? and lifted_at is null',
      [idOf(card)],
    );
    for (const { id } of blocks) await act.lift(idOf(card), id, now());
    return {};
  }

  /** The last payment for a card turns out to be a mistake; refused if there was none. */
  async function takeBack(card: string): Promise<object> {
    const [remark] = await bench.rows<{ id: string }>(
      `insert into remark (id, library, author, text, created_at)
       values (gen_random_uuid(), ?, gen_random_uuid(), 'A mistake', now()) returning id`,
      [bench.build.library],
    );
    const paymentId = payments.get(card) ?? uuid();
    const back = { paymentId, library: bench.build.library, remarkId: remark?.id ?? '', ...step() };
    return bench.perform((does) => does.reversePayment(back));
  }

  const raise = (card: string) =>
    bench.perform((does) => does.raiseMembershipFee({ patronId: idOf(card), ...step() }));

  const clock = (card: string) =>
    bench.perform((does) => does.lookAtMembership({ patronId: idOf(card), now: now() }));

  async function pay(card: string, wanted?: number): Promise<object> {
    const [open] = await bench.rows<{ id: string; remaining: number }>(
      `select id, remaining::int from charge where patron_id = ? and cause = 'membership' and remaining > 0`,
      [idOf(card)],
    );
    if (!open) return { refused: [{ code: 'charge-unknown' }] };
    const lines = [{ chargeId: open.id, amountMinor: wanted ?? open.remaining }];
    const payment = {
      paymentId: uuid(),
      patronId: idOf(card),
      lines,
      means: 'cash',
      branch: 'main',
    } as const;
    payments.set(card, payment.paymentId);
    return bench.perform((does) => does.takePayment({ ...payment, ...step() }));
  }

  const simply: Record<ActOnOne, (card: string) => Promise<object>> = {
    raise,
    look: clock,
    pay,
    'pay-half': (card) => pay(card, fee.amountMinor / 2),
    unlink: (card) => families.unlink(idOf(card), now()),
    close: (card) => families.close(idOf(card), now()),
    block: (card) => act.block(idOf(card), now()),
    lift,
    charge,
    use,
  };

  function answerTo(asked: Exclude<Act, { do: 'wait' }>): Promise<object> {
    if (asked.do === 'link') return families.link(idOf(asked.card), idOf(asked.main), now());
    if (asked.do === 'hand-over')
      return families.handOver(idOf(asked.card), asked.heir === null ? null : idOf(asked.heir), now());
    return simply[asked.do](asked.card);
  }

  return {
    now,
    takeBack,
    /** Whether it was done, and not refused. */
    async apply(asked: Act): Promise<boolean> {
      acts += 1;
      if (asked.do === 'wait') return Boolean((today += asked.days));
      return refusals(await answerTo(asked)).length === 0;
    },
    async picture(): Promise<Shown[]> {
      const rows = await bench.rows<Row>(`${look} where id in (${[...ids].map(() => '?').join(', ')})`, [
        ...ids.values(),
      ]);
      return [...ids].map(([name, id]) => {
        const row = rows.find((each) => each.id === id);
        const { mainId, paidUntil: until, blocked, closed, owes, feeOpen, credit } = present(row, name);
        const main = nameOf(mainId);
        return { name, main, paidUntil: dayOf(until), blocked, closed, owes, feeOpen, credit };
      });
    },
  };
}
