import type { EntityManager } from '@mikro-orm/postgresql';
import { v4, v7 as uuid } from 'uuid';

interface Whose {
  readonly library: string;
  readonly patronId: string;
  readonly at: Date;
}

/** A reader's request to other libraries that has not gone out yet. */
export async function createRequest(em: EntityManager, { library, patronId, at }: Whose) {
  const id = uuid();
  await em.execute(
    `insert into ill_form (id, request_id, version, library, patron_id, service, literature, content, delivery, place, actor, submitted_at)
     values (?, ?, 1, ?, ?, 'loan', 'book', '{"title":"Theirs"}', 'pickup', 'main', 'system', ?)`,
    [id, id, library, patronId, at],
  );
  await em.execute(
    `insert into ill_request (id, library, number, patron_id, mode, service, literature, title, form_id, delivery, place, state, actor, submitted_at)
     values (?, ?, ?, ?, 'email', 'loan', 'book', 'Theirs', ?, 'pickup', 'main', 'reviewing', 'system', ?)`,
    [id, library, id.slice(-12), patronId, id, at],
  );
  return { id };
}

/** A message of another agency that is about nothing. */
export async function createMessage(em: EntityManager, { library, at }: Omit<Whose, 'patronId'>) {
  const id = uuid();
  await em.execute(
    `insert into ill_message (id, library, peer, direction, name, says, request_ref, said_at, hash, body, xml, state, stored_at, settled_at)
     values (?, ?, 'theirs', 'in', 'request', 'unreadable', '', ?, ?, '{}', '<secret/>', 'refused', ?, ?)`,
    [id, library, at, id, at, at],
  );
  await em.execute(
    `insert into ill_peer (id, library, code) values (?, ?, 'theirs') on conflict do nothing`,
    [uuid(), library],
  );
  return { id };
}

/** What a link asked for; it is kept no longer. */
export async function createDraft(em: EntityManager, at: Date) {
  const id = v4();
  const past = new Date(at.getTime() - 1000);
  await em.execute('insert into ill_draft (id, content, stored_at, expires_at) values (?, ?, ?, ?)', [
    id,
    '{"query":"title=Theirs"}',
    past,
    past,
  ]);
  return { id };
}
