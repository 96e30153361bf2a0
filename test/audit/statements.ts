import { v7 as uuid } from 'uuid';
import { keepStatementFile } from '../../db/statement-files.ts';
import { fileHash } from '../../statements/index.ts';
import type { ActivityBench } from '../support/activities.ts';
import { camt } from '../support/statements.ts';

/** Bank statements of which one does not join, all as they should be; their entries tell of nobody. `begin` is epoch milliseconds. */
export async function tellStatements({ orm, activities, policy }: ActivityBench, begin: number) {
  const entry = { amount: '3.00', text: 'interest' };
  const content = camt(
    { id: 'S1', sequence: 1, from: '2026-05-28', opening: '0', closing: '6', entries: [entry, entry] },
    { id: 'S2', sequence: 2, from: '2026-05-29', opening: '6', closing: '9', entries: [entry] },
    { id: 'S4', sequence: 4, from: '2026-05-31', opening: '12', closing: '15', entries: [entry] },
  );
  const { id: fileId } = await keepStatementFile(orm, {
    id: uuid(),
    library: policy.code,
    name: 'may.xml',
    format: 'camt',
    account: null,
    hash: fileHash(content),
    content,
    actor: 'system',
    at: new Date(begin),
  });
  await activities.importStatement({ fileId, now: begin });
  await activities.endStatement({ fileId, now: begin });
  return { fileId };
}
