import { v7 as uuid } from 'uuid';
import type { Backend } from './carrel.ts';
import { createCharging } from './payments.ts';

/** Lives of payments by transfer; each answers the workflow it has brought to its end. */
export function createTransferStories(backend: Backend) {
  const { build, commands, client } = backend;
  const { library } = build;
  const charge = createCharging(backend);
  const submitted = async () => {
    const { id: patronId } = await build.patron();
    const paymentId = uuid();
    const voucherId = uuid();
    const selected = { chargeIds: [await charge(patronId, 250)], prepaidMinor: 0, totalMinor: 250 };
    const way = { means: 'transfer', way: 'internal' } as const;
    const about = { paymentId, library, patronId, actor: `patron:${patronId}` } as const;
    await commands.beginPayment({ ...about, ...selected, ...way }, Date.now() + 14 * 86_400_000);
    await commands.giveVoucher(paymentId, { voucherId, givenAs: 'paper', actor: 'staff:1' }, voucherId);
    return { paymentId, seen: [voucherId], actor: 'staff:1' as const };
  };
  return {
    'payment.by-voucher': async () => {
      const { paymentId, ...seen } = await submitted();
      await commands.decideVouchers(paymentId, { decision: 'accept', ...seen }, uuid());
      const workflowId = `payment:${paymentId}`;
      await client.workflow.getHandle(workflowId).result();
      return workflowId;
    },
  };
}
