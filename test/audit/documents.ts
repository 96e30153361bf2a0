import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';
import { createBuilders } from '../support/builders.ts';
import { createCashDesk } from '../support/documents.ts';

/** A payment with its receipt and its invoice, and another with its receipt, all as they should be; `begin` is epoch milliseconds. Answers ids for the breaks. */
export async function tellDocuments(bench: ActivityBench, begin: number) {
  const desk = createCashDesk(bench, 'main');
  const { id } = await createBuilders(bench.orm, bench.policy.code, new Date(begin)).patron();
  const { paymentId: invoiced } = await desk.paid(id, begin, ['document-delivery', 'printing']);
  const { paymentId: receipted } = await desk.paid(id, begin + 1_000, ['printing']);
  await desk.invoice(await desk.request(id, invoiced, begin, { country: 'DE' }), begin + 2_000);
  const deposit = {
    depositId: uuid(),
    patronId: id,
    direction: 'taken',
    amountMinor: 2000,
    means: 'cash',
  } as const;
  const at = { branch: 'main', actor: 'staff:1', operation: uuid(), now: begin + 3_000 } as const;
  await bench.activities.moveDeposit({ ...deposit, ...at });
  await bench.rows(
    `update notice set state = 'sent', settled_at = created_at, recipient = 'a@reader.example', attempts = 1, subject = 's', body_text = 't', body_html = 'h'
     where state = 'queued' and channel = 'mail' and kind in ('payment-received', 'invoice-issued')`,
  );
  return { invoiced, receipted, deposit: deposit.depositId };
}
