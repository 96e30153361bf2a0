import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';

const desk = 'staff:00000000-0000-7000-8000-000000000001';

/** What becomes of entries that nobody knows: one is a reader's credit, one is sent back, one waits, the others are none of the readers' money. */
export async function tellEntries({ activities, build, rows, policy }: ActivityBench, begin: number) {
  const library = policy.code;
  await activities.matchEntries({ library, limit: 100, now: begin });
  const entries = await rows<{ id: string }>(
    `select id from bank_entry where library = ? and state = 'suspended' order by id`,
    [library],
  );
  const [credited = '', returned = '', waiting = '', ...others] = entries.map(({ id }) => id);
  const remarkId = uuid();
  await rows(
    `insert into remark (id, library, author, text, created_at) values (?, ?, gen_random_uuid(), 'Interest', ?)`,
    [remarkId, library, new Date(begin)],
  );
  const deciding = (entryId: string) =>
    ({ entryId, library, actor: desk, now: begin, operation: `entries/${uuid()}`, remarkId }) as const;
  const { id: patronId } = await build.patron();
  const parts = [{ to: 'credit', patronId, amountMinor: 300 } as const];
  const { remarkId: _, ...assigning } = deciding(credited);
  const answers = [
    await activities.assignEntry({ ...assigning, parts }),
    await activities.sendEntryBack(deciding(returned)),
    ...(await Promise.all(others.map((id) => activities.ignoreEntry(deciding(id))))),
  ];
  const refused = answers.filter((answer) => 'refused' in answer);
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  return { credited, returned, waiting };
}
