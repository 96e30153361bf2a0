import { v7 as uuid } from 'uuid';
import { IllAttempt, IllRequest, SupplyRequest } from '../../db/entities/index.ts';
import type { IllState } from '../../domain/ill.ts';
import type { Status } from '../../domain/ill-status.ts';
import { supplyIdOf } from '../../peers/ids.ts';
import { type Answer, type Carrel, until } from './carrel.ts';
import { requestAct, supplyAct } from './ill-paths.ts';
import { illLibrary } from './ill-policy.ts';

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

const overHttp = new Set(['review', 'choose-supplier', 'edit', 'answer', 'record', 'cancel', 'late-arrival']);

function expectDone(what: string, answer: Answer, ...statuses: number[]): Answer {
  if (statuses.includes(answer.status)) return answer;
  throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** The people at one installation – a reader and a librarian – who do everything over HTTP, and a look at its rows. */
export async function staffIll(carrel: Carrel) {
  const { build, call, orm } = carrel;
  const { token: desk, id: deskId } = await build.staff('ill-librarian', 'desk');
  const key = () => ({ 'idempotency-key': uuid() });
  const rows = () => orm.em.fork();

  const act = async (path: string, body: object) =>
    expectDone(`${path} ${JSON.stringify(body)}`, await call(desk, 'POST', path, body, key()), 200, 201);

  const reader = async () => {
    const { id, card } = await build.patron({ permissions: ['ill'] });
    return { id, card, token: await build.sign('patron', id) };
  };
  type Reader = Awaited<ReturnType<typeof reader>>;

  const request = (id: string) => rows().findOneOrFail(IllRequest, { id });
  const attempts = (requestId: string) =>
    rows().find(IllAttempt, { requestId }, { orderBy: { position: 'asc' } });
  const supply = (id: string) => rows().findOne(SupplyRequest, { id });

  return {
    carrel,
    desk,
    reader,
    /** A reader's request; its id. */
    ask: async (who: Reader, wish: object = aBook): Promise<string> => {
      const answer = await call(who.token, 'POST', '/v1/me/requests', wish, key());
      return String(expectDone('request', answer, 201).body.id);
    },
    request,
    attempts,
    supply,
    /** What else happens at a desk. */
    post: act,
    /** What staff do with a reader's request. */
    act: async (requestId: string, what: string, wish: object = {}): Promise<void> => {
      if (overHttp.has(what)) return void (await act(requestAct(requestId, what), wish));
      const given = { act: what, actor: `staff:${deskId}`, ...wish } as never;
      const done = await carrel.commands.actOnRequest(requestId, given, uuid());
      if (done.outcome !== 'done') throw new Error(`${what}: ${JSON.stringify(done)}`);
    },
    /** What staff do with another library's request. */
    answer: (supplyId: string, what: string, wish: object = {}) => act(supplyAct(supplyId, what), wish),
    /** Until the request stands so. */
    becomes: (requestId: string, ...states: IllState[]) =>
      until(
        () => request(requestId),
        ({ state }) => states.includes(state),
      ),
    /** The other library's request under way, as this installation has it, once it is here. */
    hears: async (of: { peer: string; ref: string }) => {
      const id = supplyIdOf(illLibrary, of.peer, of.ref);
      await until(
        () => supply(id),
        (row) => row !== null,
      );
      return id;
    },
    stands: (supplyId: string, ...statuses: Status[]) =>
      until(
        () => supply(supplyId),
        (row) => row !== null && statuses.includes(row.status),
      ),
  };
}

export type IllStaff = Awaited<ReturnType<typeof staffIll>>;
