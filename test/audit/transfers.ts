import { v7 as uuid } from 'uuid';
import { createActivities } from '../../activities/index.ts';
import type { ActivityBench } from '../support/activities.ts';
import { createBuilders } from '../support/builders.ts';
import { createCharging } from '../support/payments.ts';

/** Payments by internal transfer, all as they should be: one accepted, one that waits for staff, one open. Answers ids for the breaks. */
export async function tellTransfers(bench: ActivityBench, begin: number) {
  const { orm, deps, policy } = bench;
  const library = policy.code;
  const activities = createActivities(deps);
  const build = createBuilders(orm, library, new Date(begin));
  const charge = createCharging(bench, new Date(begin + 500));
  const opened = async () => {
    const { id: patronId } = await build.patron();
    const actor = `patron:${patronId}` as const;
    const chargeIds = [await charge(patronId, 250)];
    const way = { means: 'transfer', way: 'internal', prepaidMinor: 0, totalMinor: 250 } as const;
    const paymentId = uuid();
    await activities.beginPayment({ paymentId, library, patronId, chargeIds, ...way, actor, now: begin });
    const voucherId = uuid();
    const give = async () => {
      const given = { voucherId, givenAs: 'paper', actor: 'staff:1' } as const;
      await activities.giveVoucher({ ...given, paymentId, operation: uuid(), now: begin + 1_000 });
    };
    return { paymentId, voucherId, give };
  };
  const [accepted, submitted, open] = [await opened(), await opened(), await opened()];
  await accepted.give();
  await submitted.give();
  const decision = { decision: 'accept', seen: [accepted.voucherId], actor: 'staff:1' } as const;
  const when = { operation: uuid(), now: begin + 2_000 };
  await activities.decideVouchers({ ...decision, ...when, paymentId: accepted.paymentId });
  return { accepted: accepted.paymentId, submitted: submitted.paymentId, open: open.paymentId };
}
