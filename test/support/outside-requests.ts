import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { supplyIdOf } from '../../peers/ids.ts';
import type { ActivityBench } from './activities.ts';
import { illOf, type IllGiven } from './ill-policy.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';

/** A requester of the tests, `beta`, and the policy of a library that takes its requests. */
export const requester = { name: 'beta', url: 'http://beta.example', edition: '1.2' } as const;

export const lends =
  (given: IllGiven = {}) =>
  (policy: LibraryPolicy): LibraryPolicy => ({ ...policy, ill: illOf('alpha', [requester], given) });

export interface Sent {
  readonly name?: 'request' | 'requestingAgencyMessage';
  readonly ref: string;
  readonly body: object;
  readonly at: number;
  /** The header's own time, unless it is the time of storing. */
  readonly saidAt?: number;
  readonly peer?: string;
}

/** A request for a book with this ISBN, as an agency may send it. */
export function requestBody(
  given: { isbn?: string; serviceType?: string; note?: string; rest?: object } = {},
) {
  const { isbn = '9783161484100', serviceType = 'Loan', note, rest = {} } = given;
  const item = { bibliographicItemIdentifierCode: { value: 'ISBN' }, bibliographicItemIdentifier: isbn };
  return {
    bibliographicInfo: { title: 'The Left Hand of Darkness', author: 'Le Guin', bibliographicItemId: [item] },
    publicationInfo: { publicationType: { value: 'Book' } },
    serviceInfo: { requestType: 'New', serviceType, ...(note && { note }) },
    patronInfo: { surname: 'Personal', patronId: '0815' },
    ...rest,
  };
}

/** Stores a message of a requester as the intake does; answers the outside request's id. */
export async function storeMessage(
  orm: MikroORM,
  library: string,
  { name = 'requestingAgencyMessage', ref, body, at, ...given }: Sent,
): Promise<string> {
  const { peer = requester.name, saidAt = at } = given;
  const id = supplyIdOf(library, peer, ref);
  const says = 'action' in body ? body.action : 'New';
  await orm.em.fork().execute(
    `insert into ill_message (id, library, peer, direction, about, about_id, name, says, request_ref, said_at, hash, body, state, stored_at)
     values (?, ?, ?, 'in', 'supply', ?, ?, ?, ?, ?, ?, ?, 'stored', ?)`,
    [
      uuid(),
      library,
      peer,
      id,
      name,
      says,
      ref,
      new Date(saidAt),
      uuid(),
      JSON.stringify(body),
      new Date(at),
    ],
  );
  return id;
}

/** A requester whose messages are stored, and heeded at once. */
export function createRequester({ orm, activities, build }: ActivityBench) {
  const store = (sent: Sent) => storeMessage(orm, build.library, sent);
  const look = (supplyId: string, now: number) =>
    activities.lookAtSupply({ supplyId, library: build.library, now });
  return {
    store,
    look,
    /** A request that has come and was looked at. */
    request: async (ref: string, at: number, body: object = requestBody()) => {
      const id = await store({ name: 'request', ref, body, at });
      await look(id, at);
      return id;
    },
    /** An action of the requester that has come and was looked at. */
    does: async (ref: string, action: string, at: number, more: object = {}) => {
      const id = await store({ ref, body: { action, ...more }, at });
      return look(id, at);
    },
    said: async (supplyId: string) =>
      (
        await orm.em
          .fork()
          .execute<{ says: string; body: Record<string, Record<string, unknown>> }[]>(
            `select says, body from ill_message where about_id = ? and direction = 'out' order by seq`,
            [supplyId],
          )
      ).map(({ says, body }) => ({ says, ...body })),
    row: async (supplyId: string) => {
      const [row] = await orm.em
        .fork()
        .execute<Record<string, unknown>[]>('select * from supply_request where id = ?', [supplyId]);
      return row;
    },
  };
}
