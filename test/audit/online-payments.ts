import { v7 as uuid } from 'uuid';
import { createActivities } from '../../activities/index.ts';
import type { PaymentGateway } from '../../activities/gateways/payment-gateway.ts';
import type { ActivityBench } from '../support/activities.ts';
import { createBuilders } from '../support/builders.ts';
import { createCharging } from '../support/payments.ts';

/** A gateway that takes every amount twice; it sends back what it is asked to. */
const twice: PaymentGateway = {
  begin: async ({ paymentId }) => ({ ref: `co_${paymentId}`, url: 'https://gateway.example' }),
  read: async (ref) => ({ state: 'paid', captures: ['a', 'b'].map((each) => taken(`${ref}_${each}`)) }),
  close: async (ref) => ({ state: 'paid', captures: [taken(ref)] }),
  refund: async ({ refundId }) => ({ ref: `re_${refundId}` }),
  verify: () => undefined,
  list: async function* () {},
};

const taken = (ref: string) => ({ ref, amountMinor: 250, currency: 'EUR', at: 0 });

/**
 * Payments online, all as they should be; `begin` is epoch milliseconds. One is paid twice, of which staff have sent one back; one is open. Answers ids for
 * the breaks.
 */
export async function tellOnlinePayments(bench: ActivityBench, begin: number) {
  const { orm, deps, rows, policy } = bench;
  const library = policy.code;
  const activities = createActivities({ ...deps, gateways: { has: () => true, of: () => twice } });
  const build = createBuilders(orm, library, new Date(begin));
  const charge = createCharging(bench, new Date(begin));
  const opened = async () => {
    const { id: patronId } = await build.patron();
    const chargeId = await charge(patronId, 250);
    const paymentId = uuid();
    const wish = { paymentId, library, patronId, chargeIds: [chargeId], prepaidMinor: 0, totalMinor: 250 };
    const way = { means: 'online', way: 'online', actor: `patron:${patronId}` } as const;
    await activities.beginPayment({ ...wish, ...way, now: begin });
    return { paymentId, patronId };
  };
  const { paymentId: twicePaid } = await opened();
  await activities.followCheckout({ paymentId: twicePaid, now: begin + 1_000 });
  await activities.followCheckout({ paymentId: twicePaid, now: begin + 2_000 });
  const decision = { paymentId: twicePaid, library, decision: 'refund', actor: 'staff:1' } as const;
  await activities.decideSurplus({ ...decision, operation: uuid(), now: begin + 3_000 });
  await activities.followCheckout({ paymentId: twicePaid, now: begin + 4_000 });
  const { paymentId: open } = await opened();
  await rows(
    `insert into gateway_event (id, library, provider, event_id, kind, payment_id, digest, received_at, followed_at)
     values (?, ?, 'online', 'ev_1', 'checkout.paid', ?, '', ?, ?)`,
    [uuid(), library, twicePaid, new Date(begin), new Date(begin + 1_000)],
  );
  return { twicePaid, open };
}
