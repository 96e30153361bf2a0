import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { IllAttempt, IllRequest, SupplyRequest } from '../../db/entities/index.ts';
import type { IllState } from '../../domain/ill.ts';
import type { Status } from '../../domain/ill-status.ts';
import { supplyIdOf } from '../../peers/ids.ts';
import { type Answer, type Carrel, until } from './carrel.ts';
import { requestAct, supplyAct } from './ill-paths.ts';

/** What a reader asks for in these tests unless something else is said. */
export const aBook = {
  service: 'loan',
  literature: 'book',
  work: { title: 'The Left Hand of Darkness', author: 'Ursula K. Le Guin' },
  delivery: 'pickup',
  place: 'main',
} as const;

export const anArticle = {
  service: 'copy',
  literature: 'article',
  work: { title: 'Journal of Libraries', component: 'On lending', year: '2024', pages: '1-9' },
  delivery: 'electronic',
} as const;

/** Far more than any step takes; machines are shared. */
const patienceMs = 50_000;

/** For a whole story of several steps, and for starting the installations that it needs. */
export const storyMs = 240_000;

/** Looks again until what it sees satisfies. */
export const eventually = <T>(look: () => Promise<T>, satisfied: (value: T) => boolean): Promise<T> =>
  until(look, satisfied, patienceMs);

function expectDone(what: string, answer: Answer, ...statuses: number[]): Answer {
  if (statuses.includes(answer.status)) return answer;
  throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** The people at one installation – a reader and a librarian – who do everything over HTTP, and a look at its rows. */
export async function staffIll(carrel: Carrel) {
  const { build, call, orm } = carrel;
  const { token: desk } = await build.staff('ill-librarian', 'desk');
  const key = () => ({ 'idempotency-key': uuid() });
  const rows = () => orm.em.fork();

  /** As a careful portal does: told to wait, it asks again under the same key. */
  const post = async (token: string, path: string, body: object): Promise<Answer> => {
    const headers = key();
    for (const end = Date.now() + patienceMs; ;) {
      const answer = await call(token, 'POST', path, body, headers);
      if (![202, 503].includes(answer.status) || Date.now() > end) return answer;
      await sleep(300);
    }
  };
  const act = async (path: string, body: object) =>
    expectDone(`${path} ${JSON.stringify(body)}`, await post(desk, path, body), 200, 201);

  const reader = async (given: { readonly userGroup?: string } = {}) => {
    const { id, card } = await build.patron({ permissions: ['ill'], ...given });
    return { id, card, token: await build.sign('patron', id) };
  };
  type Reader = Awaited<ReturnType<typeof reader>>;

  const request = (id: string) => rows().findOneOrFail(IllRequest, { id });
  const attempts = (requestId: string) =>
    rows().find(IllAttempt, { requestId }, { orderBy: { position: 'asc' } });
  const supply = (id: string) => rows().findOne(SupplyRequest, { id });
  /** What is shipped unless something else is said. */
  const shipped = async (id: string) =>
    (await supply(id))?.service === 'copy' ? { byPost: true } : { item: 'K 17' };

  return {
    carrel,
    desk,
    reader,
    /** A reader's request; its id. */
    ask: async (who: Reader, wish: object = aBook): Promise<string> => {
      const answer = await post(who.token, '/v1/me/requests', wish);
      return String(expectDone('request', answer, 201).body.id);
    },
    /** What readers do with their own request. */
    readers: async (who: Reader, requestId: string, what: string, wish: object = {}) => {
      const path = `/v1/me/requests/${requestId}/${what}`;
      return expectDone(path, await post(who.token, path, wish), 200).body;
    },
    request,
    attempts,
    supply,
    /** What else happens at a desk. */
    post: act,
    /** What staff do with a reader's request. */
    act: async (requestId: string, what: string, wish: object = {}): Promise<void> => {
      await act(requestAct(requestId, what), wish);
    },
    /** What staff do with another library's request. */
    answer: async (supplyId: string, what: string, wish: object = {}) =>
      act(supplyAct(supplyId, what), what === 'shipment' ? { ...(await shipped(supplyId)), ...wish } : wish),
    /** Until the request stands so. */
    becomes: (requestId: string, ...states: IllState[]) =>
      eventually(
        () => request(requestId),
        ({ state }) => states.includes(state),
      ),
    /** The other library's request under way, as this installation has it, once it is here. */
    hears: async (of: { peer: string; ref: string }) => {
      const id = supplyIdOf(build.library, of.peer, of.ref);
      await eventually(
        () => supply(id),
        (row) => row !== null,
      );
      return id;
    },
    stands: (supplyId: string, ...statuses: Status[]) =>
      eventually(
        () => supply(supplyId),
        (row) => row !== null && statuses.includes(row.status),
      ),
  };
}

export type IllStaff = Awaited<ReturnType<typeof staffIll>>;
