import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';
import { createCharges } from '../support/charges.ts';

/**
 * Charges in the demonstration library, all as they should be; `begin` is epoch milliseconds. One that waits for a decision, one upheld in part, one rejected, one
 * waived, one whose waiver was taken back. Answers what the breaks need.
 */
export async function tellCharges(bench: ActivityBench, begin: number) {
  const tell = createCharges(bench, begin);
  const raised = async () => {
    const { id } = await tell.reader();
    return { id, chargeId: await tell.raise(id) };
  };
  const [disputed, upheld, rejected, waived, regretted] = [
    await raised(),
    await raised(),
    await raised(),
    await raised(),
    await raised(),
  ];
  for (const { id, chargeId } of [disputed, upheld, rejected]) await tell.dispute(id, chargeId);
  await tell.decide(upheld.chargeId, 'uphold', 400);
  await tell.decide(rejected.chargeId, 'reject');
  const [waiver, mistake] = [uuid(), uuid()];
  await tell.waive(waived.chargeId, 700, waiver);
  await tell.waive(regretted.chargeId, undefined, mistake);
  await tell.unwaive(mistake);
  await bench.rows(
    `update notice set state = 'sent', settled_at = created_at, recipient = 'a@reader.example', attempts = 1, subject = 's', body_text = 't', body_html = 'h'
     where state = 'queued' and kind = 'dispute-decided'`,
  );
  return { disputed: disputed.chargeId, rejected: rejected.chargeId, waiver };
}
