import { v7 as uuid } from 'uuid';
import { openGatewayDouble } from '../../dev/gateway-double/server.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { startActivities } from './activities.ts';
import { createCharging } from './payments.ts';

const keys = { key: 'key', webhookSecret: 'secret' };
const minute = 60_000;

/** The activities of online payments with a gateway double whose clock, like theirs, is the test's. */
export async function startCheckouts(change: (policy: LibraryPolicy) => LibraryPolicy = (policy) => policy) {
  const clock = { now: Date.now() };
  const double = await openGatewayDouble({
    key: keys.key,
    secret: keys.webhookSecret,
    clock: () => clock.now,
  });
  double.behave(() => ({ copies: 0 }));
  const gatewayKeys = new Map([['demo/online', { ...keys, url: double.url }]]);
  const bench = await startActivities({ change, gatewayKeys });
  const { activities, build, rows, policy } = bench;
  const charge = createCharging(bench);
  const actor = 'staff:1' as const;
  const step = () => ({ operation: uuid(), now: clock.now, actor });

  const begin = (patronId: string, chargeIds: readonly string[], totalMinor: number, prepaidMinor = 0) => {
    const paymentId = uuid();
    const wish = { paymentId, library: policy.code, patronId, chargeIds, prepaidMinor, totalMinor } as const;
    const way = { means: 'online', way: 'online' } as const;
    const begun = activities.beginPayment({ ...wish, ...way, actor: `patron:${patronId}`, now: clock.now });
    return begun.then((outcome) => ({ paymentId, outcome }));
  };
  const follow = (paymentId: string) => activities.followCheckout({ paymentId, now: clock.now });
  const checkout = (paymentId: string) => {
    const found = double.books.ofPayment(paymentId);
    if (!found) throw new Error('The double knows no such payment.');
    return found;
  };

  return {
    ...bench,
    double,
    charge,
    step,
    begin,
    follow,
    checkout,
    pass: (minutes: number) => void (clock.now += minutes * minute),
    /** A reader with a charge whose online payment is begun and its checkout open. */
    async opened(amountMinor = 250) {
      const { id: patronId } = await build.patron();
      const chargeId = await charge(patronId, amountMinor);
      const { paymentId } = await begin(patronId, [chargeId], amountMinor);
      await follow(paymentId);
      return { patronId, chargeId, paymentId };
    },
    pay: (paymentId: string, amountMinor = checkout(paymentId).amountMinor, currency?: string) =>
      double.pay(checkout(paymentId), amountMinor, { copies: 0 }, currency),
    stateOf: async (paymentId: string) =>
      (await rows<{ state: string }>('select state from payment where id = ?', [paymentId]))[0]?.state,
    remaining: async (chargeId: string) =>
      (await rows<{ left: number }>('select remaining::int as left from charge where id = ?', [chargeId]))[0]
        ?.left,
    balance: async (account: string) =>
      (
        await rows<{ sum: number }>(
          'select coalesce(sum(amount), 0)::int as sum from posting join journal on journal.id = journal_id where account = ? and library = ?',
          [account, policy.code],
        )
      )[0]?.sum,
    bookings: async (paymentId: string) =>
      (
        await rows<{ kind: string }>('select kind from journal where payment_id = ? order by at, id', [
          paymentId,
        ])
      ).map(({ kind }) => kind),
    task: async (paymentId: string) =>
      (
        await rows<{ outcome: string | null }>(
          `select outcome from task where kind = 'payment-surplus' and subject_id = ? order by created_at, id`,
          [paymentId],
        )
      ).map(({ outcome }) => outcome),
    takeCash: (patronId: string, chargeId: string, amountMinor: number) =>
      activities.takePayment({
        paymentId: uuid(),
        patronId,
        lines: [{ chargeId, amountMinor }],
        means: 'cash',
        branch: 'main',
        ...step(),
      }),
    async stop() {
      await double.stop();
      await bench.stop();
    },
  };
}

export type Checkouts = Awaited<ReturnType<typeof startCheckouts>>;
