import { v7 as uuid } from 'uuid';
import { keepSettlementFile } from '../../db/settlement-files.ts';
import type { ActivityBench } from '../support/activities.ts';

const actor = 'staff:00000000-0000-7000-8000-000000000001';

/**
 * A month that was closed before the story begins, a settlement file, and a booking that came too late for the month; `begin` is epoch milliseconds. Answers until
 * when the books are closed.
 */
export async function tellClosedBooks(bench: ActivityBench, begin: number, captureRef: string) {
  const { activities, orm, policy } = bench;
  const library = policy.code;
  const month = { library, month: '2026-04', actor } as const;
  const closed = await activities.closeMonth({ ...month, closingId: uuid(), operation: uuid(), now: begin });
  if ('refused' in closed) throw new Error(JSON.stringify(closed));
  const occurredAt = new Date(begin).toISOString();
  const content = Buffer.from(
    `id,kind,payment,payout,gross,fee,net,currency,at\nt1,payment,${captureRef},po_1,250,9,241,EUR,${occurredAt}\n`,
  );
  const file = {
    id: uuid(),
    library,
    provider: 'online',
    hash: uuid(),
    content,
    actor,
    at: new Date(begin),
  } as const;
  const fileId = await keepSettlementFile(orm, file);
  const late = Date.UTC(2026, 3, 20);
  await activities.importSettlement({ library, fileId, actor, operation: uuid(), now: late });
  const [row] = await bench.rows<{ until: string }>(
    'select closed_until::text as until from library where code = ?',
    [library],
  );
  return { closed: row?.until ?? '' };
}
