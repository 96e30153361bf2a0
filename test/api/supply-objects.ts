import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';

/** Another library's request that waits for an answer. */
export async function createSupply(
  em: EntityManager,
  { library, at }: { readonly library: string; readonly at: Date },
) {
  const id = uuid();
  await em.execute(
    `insert into supply_request (id, library, number, peer, their_ref, service, literature, title, content, delivery, status, waits_for, received_at)
     values (?, ?, ?, 'theirs', ?, 'loan', 'book', 'Theirs', '{"title":"Theirs"}', '{}', 'RequestReceived', 'answer', ?)`,
    [id, library, `S${id.slice(-12)}`, id, at],
  );
  return { id };
}

const at = 'post /v1/staff/outside-requests/:id';

/** What each act needs to be looked at. */
export const supplyBodies: Readonly<Record<string, unknown>> = {
  [`${at}/promise`]: {},
  [`${at}/condition`]: { condition: 'LibraryUseOnly' },
  [`${at}/unfilled`]: { reason: 'NotHeld' },
  [`${at}/retry`]: { reason: 'OnLoan' },
  [`${at}/shipment`]: { item: 'K 17' },
  [`${at}/recall`]: {},
  [`${at}/overdue`]: {},
  [`${at}/renewal-answer`]: { answer: 'no' },
  [`${at}/cancellation-answer`]: { answer: 'no' },
  [`${at}/return`]: { desk: 'main' },
  [`${at}/loss`]: {},
  [`${at}/notes`]: { note: 'Hello' },
};
