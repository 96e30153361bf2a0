import { setTimeout as sleep } from 'node:timers/promises';
import type { Builders } from '../support/builders.ts';
import type { PortalClient, Reply } from './client.ts';

export const lifeKinds = ['collected', 'lapsed', 'cancelled', 'renewed', 'phoned'] as const;
export type LifeKind = (typeof lifeKinds)[number];

/** Readers of a life's own and a book of its own, so that only the faults connect it with the others. */
interface Cast {
  readonly titleId: string;
  readonly barcode: string;
  readonly borrower: Reader;
  readonly first: Reader;
  readonly second: Reader;
}

interface Reader {
  readonly card: string;
  readonly token: string;
}

export async function castLife(build: Builders): Promise<Cast> {
  const reader = async () => {
    const { id, card } = await build.patron();
    return { card, token: await build.sign('patron', id) };
  };
  const title = await build.title();
  const item = await build.item(title.id);
  return {
    titleId: title.id,
    barcode: item.barcode,
    borrower: await reader(),
    first: await reader(),
    second: await reader(),
  };
}

/** Something did not go as the library promises. */
class Astray extends Error {}

function expectThat(fits: unknown, what: string, reply: Reply): void {
  if (!fits) throw new Astray(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`);
}

/** Lives through holds and loans over HTTP. Each rejects with a sentence when a step is not answered as it should be. */
export function createLives({ post, get }: PortalClient, deskToken: string) {
  const lend = async ({ barcode }: Cast, { card }: Reader) => {
    const reply = await post(deskToken, '/v1/staff/check-outs', { card, barcode, branch: 'main' });
    expectThat(reply.status === 201, 'A check-out was not made', reply);
    return reply.body;
  };
  const scan = async ({ barcode }: Cast, instruction: 'keep' | 'shelve') => {
    const reply = await post(deskToken, '/v1/staff/check-ins', { barcode, branch: 'main' });
    expectThat(
      reply.status === 200 && reply.body.do === instruction,
      `A scan was not "${instruction}"`,
      reply,
    );
    return reply.body;
  };
  const place = async ({ titleId }: Cast, { token }: Reader, contact: string): Promise<string> => {
    const reply = await post(token, '/v1/holds', { titleId, pickupPlace: 'main', contact });
    expectThat(reply.status === 201, 'A hold was not placed', reply);
    return reply.body.id;
  };
  const holdUntil = async (
    { token }: Reader,
    holdId: string,
    fits: (hold: { state: string; keepUntil: string | null }) => boolean,
    withinMs: number,
  ) => {
    for (const end = Date.now() + withinMs; ;) {
      const reply = await get(token, `/v1/holds/${holdId}`);
      expectThat(reply.status === 200, 'A hold is not to be seen', reply);
      if (fits(reply.body) || Date.now() > end) return reply.body;
      await sleep(1_000);
    }
  };
  /** Collects, unless the window ran out while the service was away: then the copy is lent without the hold. */
  const collect = async (cast: Cast, reader: Reader, holdId: string) => {
    const loan = await lend(cast, reader);
    if (loan.holdId === holdId) return;
    const hold = await holdUntil(reader, holdId, () => true, 0);
    if (hold.state !== 'lapsed') throw new Astray(`Lent without its hold, which is ${hold.state}`);
  };

  const collected = async (cast: Cast) => {
    await lend(cast, cast.borrower);
    const holdId = await place(cast, cast.first, 'mail');
    await scan(cast, 'keep');
    await holdUntil(cast.first, holdId, ({ keepUntil }) => keepUntil !== null, 20_000);
    await collect(cast, cast.first, holdId);
    await scan(cast, 'shelve');
  };
  const lapsed = async (cast: Cast) => {
    await lend(cast, cast.borrower);
    const holdId = await place(cast, cast.first, 'none');
    const heir = await place(cast, cast.second, 'none');
    await scan(cast, 'keep');
    const ended = await holdUntil(cast.first, holdId, ({ state }) => state === 'lapsed', 180_000);
    if (ended.state !== 'lapsed') throw new Astray(`A window has run out and the hold is ${ended.state}`);
    await collect(cast, cast.second, heir);
    await scan(cast, 'shelve');
  };
  const cancelled = async (cast: Cast) => {
    await lend(cast, cast.borrower);
    const holdId = await place(cast, cast.first, 'mail');
    const reply = await post(cast.first.token, '/v1/holds/cancellations', { holds: [holdId] });
    expectThat(reply.body.lines?.[0]?.outcome === 'done', 'A hold was not cancelled', reply);
    await scan(cast, 'shelve');
  };
  const renewed = async (cast: Cast) => {
    const loan = await lend(cast, cast.borrower);
    const renewals = `/v1/loans/${loan.id}/renewals`;
    await sleep(1_000);
    const renewal = await post(cast.borrower.token, renewals, undefined);
    expectThat(renewal.status === 201, 'A loan was not renewed', renewal);
    const holdId = await place(cast, cast.first, 'none');
    const refused = await post(cast.borrower.token, renewals, undefined);
    expectThat(refused.status === 409, 'A renewal over a hold was not refused', refused);
    await scan(cast, 'keep');
    await collect(cast, cast.first, holdId);
    await scan(cast, 'shelve');
  };
  const phoned = async (cast: Cast) => {
    await lend(cast, cast.borrower);
    const holdId = await place(cast, cast.first, 'phone');
    const { task } = await scan(cast, 'keep');
    const call = await post(deskToken, `/v1/staff/tasks/${task?.id}/resolution`, { outcome: 'reached' });
    expectThat(call.status === 200, 'A call was not recorded', call);
    await collect(cast, cast.first, holdId);
    await scan(cast, 'shelve');
  };

  return { collected, lapsed, cancelled, renewed, phoned } satisfies Record<
    LifeKind,
    (cast: Cast) => Promise<void>
  >;
}
