import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { checkInvariants, isBroken } from '../../db/invariants/check.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { illPolicy } from '../../domain/policy-ill.ts';
import { createBuilders } from '../support/builders.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { type Cashier, cashierOf, shippedOn } from '../support/ill-cashier.ts';
import { anArticle, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { ownNamespace } from '../support/namespace.ts';

jest.setTimeout(storyMs);

const libraries = ['demo', 'neighbour', 'zju'] as const;
type Name = (typeof libraries)[number];
let carrel: Carrel;
let at: Record<Name, IllStaff>;
let cashier: Record<Name, Cashier>;

/** Three libraries of one installation, each a peer of the others. */
function netting(policy: LibraryPolicy): LibraryPolicy {
  if (!libraries.some((code) => code === policy.code)) return policy;
  const peers = libraries
    .filter((code) => code !== policy.code)
    .map((code) => ({
      code,
      name: { en: code, de: code, ja: code, zh: code },
      agency: { value: code },
      library: code,
    }));
  const ill = illPolicy.parse({
    mode: 'distributed',
    agency: { value: policy.code },
    peers,
    obtaining: { review: false },
    lending: { acknowledge: false },
    settlement: { period: 'monthly', drawn: 'by-staff', netting: true },
  });
  return { ...policy, currency: 'EUR', ill };
}

const each = async <T>(work: (name: Name) => Promise<T>): Promise<Record<Name, T>> =>
  Object.fromEntries(
    await Promise.all(libraries.map(async (name) => [name, await work(name)] as const)),
  ) as Record<Name, T>;

beforeAll(async () => {
  carrel = await startCarrel({ namespace: await ownNamespace(), change: netting, changeOthers: netting });
  const build = (name: Name) => createBuilders(carrel.orm, name);
  at = await each((name) => staffIll({ ...carrel, build: build(name) }));
  cashier = await each((name) => cashierOf(carrel, build(name)));
});

afterAll(() => carrel?.stop());

/** Over everywhere, and so is the day after it, whatever the day is today. */
const month = Temporal.Now.plainDateISO('UTC').subtract({ months: 2 }).with({ day: 1 });

/** A copy from one library to another, asked of it as the only one that is left to ask. */
async function copied(from: Name, to: Name, costMinor: number): Promise<void> {
  const id = await at[to].ask(await at[to].reader(), anArticle);
  for (const position of [0, 1]) {
    const attempt = await eventually(
      async () => (await at[to].attempts(id))[position],
      (found) => found !== undefined,
    );
    const supplier = attempt?.peer as Name;
    const supplyId = await at[supplier].hears({ peer: to, ref: attempt?.ourRef ?? '' });
    const filled = supplier === from;
    if (filled) await at[supplier].answer(supplyId, 'shipment', { costMinor });
    else await at[supplier].answer(supplyId, 'unfilled', { reason: 'NotHeld' });
    if (filled) break;
  }
  await eventually(
    async () => (await at[to].attempts(id)).at(-1)?.status,
    (status) => status === 'CopyCompleted',
  );
}

const settlementsOf = async (name: Name): Promise<{ id: string; peer: Name; state: string }[]> =>
  (await cashier[name].get('/v1/staff/library-settlements')).items;

test('I17 three pairs of libraries, confirmed by both cashiers of each at once, are netted to one sum a library, once', async () => {
  await copied('demo', 'neighbour', 500);
  await copied('neighbour', 'zju', 800);
  await copied('zju', 'demo', 200);
  await shippedOn(carrel.orm, month.with({ day: 15 }).toString());
  const drawn = await each((name) => cashier[name].draw(month.with({ day: month.daysInMonth }).toString()));
  for (const name of libraries) expect(drawn[name]).toHaveLength(2);

  const confirmed = await Promise.all(
    libraries.flatMap((name) =>
      drawn[name].flatMap(({ id }: { id: string }) => [
        cashier[name].act(id, 'confirmations'),
        cashier[name].act(id, 'confirmations'),
      ]),
    ),
  );
  expect(confirmed.every(({ status }) => [200, 409].includes(status))).toBe(true);
  for (const name of libraries)
    expect((await settlementsOf(name)).map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);

  const netted = await Promise.all([cashier.demo.net(), cashier.zju.net()]);
  expect(netted.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  const positions = await each((name) => cashier[name].nettings());
  expect(libraries.map((name) => positions[name].map((one: Position) => one.amount.amountMinor))).toEqual([
    [300],
    [300],
    [-600],
  ]);
  for (const name of libraries) {
    expect((await settlementsOf(name)).map(({ state }) => state)).toEqual(['settled', 'settled']);
    const nettingId = String(positions[name][0].nettingId);
    const paid = await Promise.all([
      cashier[name].payNetting(nettingId),
      cashier[name].payNetting(nettingId),
    ]);
    expect(paid.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    for (const peer of libraries) expect(await cashier[name].balance(peer)).toBe(0);
  }
});

interface Position {
  readonly nettingId: string;
  readonly amount: { readonly amountMinor: number };
}

const waits = async (settlementId: string): Promise<boolean> => {
  const sql = `select from task where kind = 'ill-settlement' and subject_id = ? and resolved_at is null`;
  return (await carrel.orm.em.fork().execute(sql, [settlementId])).length > 0;
};

test('I17 what one has confirmed is confirmed no more when the other withdraws its side: it is on the work list again, and can be settled all the same', async () => {
  await copied('demo', 'neighbour', 90);
  const until = month.add({ months: 1 }).toString();
  await shippedOn(carrel.orm, until);
  const [ours] = await cashier.demo.draw(until);
  const [theirs] = await cashier.neighbour.draw(until);
  await cashier.demo.act(ours.id, 'confirmations');
  expect(await waits(ours.id)).toBe(false);
  await cashier.neighbour.act(theirs.id, 'withdrawal');
  expect(await waits(ours.id)).toBe(true);
  expect(await cashier.demo.settlement(ours.id)).toMatchObject({ state: 'drawn', ourConfirmedAt: null });
  const [again] = await cashier.neighbour.draw(until);
  await cashier.neighbour.act(again.id, 'confirmations');
  await cashier.demo.act(ours.id, 'confirmations');
  expect(await waits(ours.id)).toBe(false);
  expect((await cashier.demo.settlement(ours.id)).state).toBe('confirmed');
  expect((await cashier.neighbour.settlement(again.id)).state).toBe('confirmed');
});

test('I17 after all of it the books are sound', async () => {
  const request = { policies: carrel.policies.all(), now: Date.now(), grace: 'PT1H' };
  expect((await checkInvariants(carrel.orm, request)).filter(isBroken)).toEqual([]);
});
