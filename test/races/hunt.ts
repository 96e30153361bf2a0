import { v7 as uuid } from 'uuid';
import { deliverNotice } from '../../activities/notices/deliver.ts';
import type { ActivityBench } from '../support/activities.ts';
import { createActs, desk } from './race.ts';

export interface Hunt {
  readonly workers: number;
  readonly forMs: number;
  /** Few, so that the workers meet. */
  readonly titles: number;
  readonly copies: number;
  readonly readers: number;
}

export interface Bag {
  steps: number;
  refused: number;
}

const start = Date.UTC(2026, 5, 1, 10);

/** Lets workers do whatever readers and desks can do, at random and at once, on few titles and readers, and counts what they did. */
export async function hunt(
  bench: ActivityBench,
  { workers, forMs, titles, copies, readers }: Hunt,
): Promise<Bag> {
  const pool = await stock(bench, { titles, copies, readers });
  const bag = { steps: 0, refused: 0 };
  const moves = createMoves(bench, pool);
  const end = Date.now() + forMs;
  const work = async () => {
    while (Date.now() < end) {
      const answer = await pick(moves)();
      bag.steps += 1;
      if (answer && 'refused' in answer) bag.refused += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return bag;
}

interface Stock {
  readonly titles: string[];
  readonly items: string[];
  readonly readers: string[];
  readonly remark: string;
}

async function stock(
  bench: ActivityBench,
  { titles, copies, readers }: Pick<Hunt, 'titles' | 'copies' | 'readers'>,
): Promise<Stock> {
  const { build } = bench;
  const pool: Stock = { titles: [], items: [], readers: [], remark: uuid() };
  for (let n = 0; n < titles; n += 1) {
    const { id } = await build.title({ kind: n === 0 ? 'audiovisual' : 'book' });
    pool.titles.push(id);
    for (let copy = 0; copy < copies; copy += 1)
      pool.items.push((await build.item(id, { branch: copy % 2 ? 'north' : 'main' })).id);
  }
  for (let n = 0; n < readers; n += 1) pool.readers.push((await build.patron()).id);
  await bench.orm.em
    .fork()
    .execute(`insert into remark values (?, 'demo', ?, 'Inventory', now())`, [pool.remark, uuid()]);
  return pool;
}

function pick<T>(from: readonly T[]): T {
  const picked = from[Math.floor(Math.random() * from.length)];
  if (picked === undefined) throw new Error('There is nothing to pick from.');
  return picked;
}

type Move = () => Promise<object | undefined>;

/** Every kind of step; what happens often in a library stands here more than once. */
function createMoves(bench: ActivityBench, pool: Stock): readonly Move[] {
  const act = createActs(bench);
  let now = start;
  const tick = () => (now += 50);
  const reader = () => pick(pool.readers);
  const item = () => pick(pool.items);
  const any = async (table: 'hold' | 'loan', where: string) =>
    (
      await bench.rows<{ id: string; patron_id: string }>(
        `select id, patron_id from ${table} where ${where} order by random() limit 1`,
      )
    )[0];
  const withHold = (where: string, move: (hold: { id: string; patron_id: string }) => Promise<object>) => {
    return async () => {
      const hold = await any('hold', where);
      return hold && move(hold);
    };
  };
  const place: Move = () =>
    act.place(reader(), pick(pool.titles), tick(), {
      contact: pick(['mail', 'phone', 'none']),
      pickupPlace: pick(['main', 'north']),
    });
  const checkIn: Move = () => act.checkIn(item(), tick());
  const checkOut: Move = async () => {
    const kept = await any('hold', `state = 'secured'`);
    const [copy] = kept
      ? await bench.rows<{ id: string }>('select id from item where hold_id = ?', [kept.id])
      : [];
    return kept && copy && Math.random() < 0.7
      ? act.checkOut(kept.patron_id, copy.id, tick())
      : act.checkOut(reader(), item(), tick());
  };
  const deadline = withHold(`state = 'secured' and keep_until is not null`, ({ id }) =>
    act.look(id, (now += 60_000)),
  );
  const loanStep: Move = async () => {
    const loan = await any('loan', 'ended_at is null');
    return loan && pick([act.renew, act.lookAtLoan])(loan.id, tick());
  };
  const daily = [place, place, place, checkIn, checkIn, checkOut, checkOut, loanStep, deadline];
  return [
    ...daily,
    ...daily,
    () => deliver(bench, tick()),
    () => deliver(bench, tick()),
    withHold(open, ({ id, patron_id }) => act.cancel(id, patron_id, tick())),
    withHold(open, ({ id }) => change(bench, id, tick())),
    withHold(open, ({ id }) => act.look(id, tick())),
    withHold(`state = 'secured'`, ({ id }) => act.call(id, pick(['reached', 'not-reached']), tick())),
    () => block(act, reader(), tick),
    () => loseAndFind(act, item(), tick),
    () => seldom(() => closeCard(bench, pool, act, tick)),
    () => seldom(() => closeDay(act, pool, tick)),
  ];
}

const open = `state in ('waiting', 'in-transit', 'secured')`;

const seldom = async (move: Move): Promise<object | undefined> => (Math.random() < 0.3 ? move() : undefined);

async function loseAndFind(act: ReturnType<typeof createActs>, itemId: string, tick: () => number) {
  await act.mark(itemId, pick(['lost', 'missing']), tick());
  return act.checkIn(itemId, tick());
}

function closeDay(act: ReturnType<typeof createActs>, { remark }: Stock, tick: () => number) {
  const day = new Date(tick() + pick([0, 1, 2]) * 86_400_000).toISOString().slice(0, 10);
  return act.closeDay(day, remark, tick());
}

function change({ perform }: ActivityBench, holdId: string, now: number) {
  const wish = { holdId, actor: desk, operation: uuid(), now } as const;
  return perform((does) =>
    does.changeHold(
      Math.random() < 0.5
        ? { ...wish, pickupPlace: pick(['main', 'north']) }
        : { ...wish, contact: pick(['mail', 'phone', 'none']) },
    ),
  );
}

/** The mail server refuses now and then, for good or for now; the address of a reader refused for good is mended at once. */
async function deliver(bench: ActivityBench, now: number): Promise<object | undefined> {
  const [notice] = await bench.rows<{ id: string }>(
    `select id from notice where state = 'queued' order by random() limit 1`,
  );
  if (!notice) return undefined;
  const at = new Date(now);
  const delivered = await bench.perform(() => deliverNotice(bench.deps, { noticeId: notice.id }, at));
  await bench.orm.em
    .fork()
    .execute(`update patron set email_state = 'confirmed' where email_state = 'failing'`);
  return delivered;
}

async function block(act: ReturnType<typeof createActs>, patronId: string, tick: () => number) {
  const blockId = uuid();
  await act.block(patronId, tick(), blockId);
  return act.lift(patronId, blockId, tick());
}

/** A reader leaves and another comes. */
async function closeCard(
  bench: ActivityBench,
  pool: Stock,
  act: ReturnType<typeof createActs>,
  tick: () => number,
) {
  const patronId = pick(pool.readers);
  const answer = await act.closeCard(patronId, tick());
  if (!('refused' in answer)) pool.readers[pool.readers.indexOf(patronId)] = (await bench.build.patron()).id;
  return answer;
}
