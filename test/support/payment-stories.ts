import { v7 as uuid } from 'uuid';
import type { Gateways, PaymentGateway } from '../../activities/gateways/payment-gateway.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Backend } from './carrel.ts';
import { createCharging } from './payments.ts';

/** A second way, `quick`, that waits for seconds instead of minutes. */
export function shortPayments(policy: LibraryPolicy): LibraryPolicy {
  const { ways } = policy.money;
  const online = ways.online.flatMap((way) => [way, { ...way, code: 'quick', expires: 'PT6S' }]);
  return { ...policy, money: { ...policy.money, ways: { ...ways, online } } };
}

const amountOf = (ref: string): number => Number(ref.split('_')[2]);

const seen = (ref: string) => ({
  state: 'paid' as const,
  captures: [{ ref: `py_${ref}`, amountMinor: amountOf(ref), currency: 'EUR', at: Date.now() }],
});

/** At this gateway even amounts are paid as soon as they are asked for, and odd ones never. */
const evenGateway: PaymentGateway = {
  begin: async ({ paymentId, amountMinor }) => ({
    ref: `co_${paymentId}_${amountMinor}`,
    url: 'https://gateway.example',
  }),
  read: async (ref) => (amountOf(ref) % 2 === 0 ? seen(ref) : { state: 'open', captures: [] }),
  close: async (ref) => (amountOf(ref) % 2 === 0 ? seen(ref) : { state: 'closed', captures: [] }),
  refund: async ({ refundId }) => ({ ref: refundId }),
  verify: () => undefined,
  list: async function* () {},
};

export const evenGateways: Gateways = { has: () => true, of: () => evenGateway };

/** Lives of payments online; each answers the workflow it has brought to its end. */
export function createPaymentStories(backend: Backend) {
  const { build, commands, client } = backend;
  const { library } = build;
  const charge = createCharging(backend);
  const begin = async (amountMinor: number, code = 'online') => {
    const { id: patronId } = await build.patron();
    const chargeId = await charge(patronId, amountMinor);
    const paymentId = uuid();
    const actor = `patron:${patronId}` as const;
    const selected = { chargeIds: [chargeId], prepaidMinor: 0, totalMinor: amountMinor };
    const way = { means: 'online', way: code } as const;
    await commands.beginPayment(
      { paymentId, library, patronId, ...selected, ...way, actor },
      Date.now() + (code === 'quick' ? 6_000 : 15 * 60_000),
    );
    return { paymentId, library, patronId, actor };
  };
  const ended = async (paymentId: string) => {
    const workflowId = `payment:${paymentId}`;
    await client.workflow.getHandle(workflowId).result();
    return workflowId;
  };
  return {
    'payment.settled': async () => {
      const { paymentId, library: of, patronId } = await begin(250);
      await commands.followPayment({ paymentId, library: of, patronId });
      return ended(paymentId);
    },
    'payment.expired': async () => ended((await begin(251, 'quick')).paymentId),
    'payment.cancelled': async () => {
      const { paymentId, actor } = await begin(251);
      await commands.cancelPayment(paymentId, { actor }, uuid());
      return ended(paymentId);
    },
  };
}
