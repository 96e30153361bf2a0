import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { checkInvariants, isBroken } from '../../db/invariants/check.ts';
import type { Answer } from '../support/carrel.ts';
import { type Cashier, cashierOf, shippedOn } from '../support/ill-cashier.ts';
import { anArticle, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'city' | 'college';
const names = ['city', 'college'] as const;
const other = { city: 'college', college: 'city' } as const;
let world: Installations<Name>;
let at: Record<Name, IllStaff>;
let cashier: Record<Name, Cashier>;

const settling = (peer: Name) => ({
  ill: {
    obtaining: { review: false },
    lending: { acknowledge: false },
    settlement: {
      period: 'monthly' as const,
      drawn: 'by-staff' as const,
      addresses: { [peer]: `accounts@${peer}.example` },
    },
  },
});

beforeAll(async () => {
  world = await startInstallations({ city: settling('college'), college: settling('city') });
  at = { city: await staffIll(world.city), college: await staffIll(world.college) };
  cashier = {
    city: await cashierOf(world.city, world.city.build),
    college: await cashierOf(world.college, world.college.build),
  };
});

afterAll(() => world?.stop());

/** A copy from one library to the other; what both call it. */
async function copied(from: Name, to: Name, costMinor: number): Promise<string> {
  const id = await at[to].ask(await at[to].reader(), anArticle);
  const [attempt] = await eventually(
    () => at[to].attempts(id),
    (found) => found.length > 0,
  );
  const ref = attempt?.ourRef ?? '';
  await at[from].answer(await at[from].hears({ peer: to, ref }), 'shipment', { costMinor });
  await eventually(
    async () => (await at[to].attempts(id))[0]?.status,
    (status) => status === 'CopyCompleted',
  );
  return ref;
}

const everywhere = (day: Temporal.PlainDate) =>
  Promise.all(names.map((name) => shippedOn(world[name].orm, day.toString())));

const month = Temporal.Now.plainDateISO('Europe/Berlin').subtract({ months: 2 }).with({ day: 1 });
const lastOf = (day: Temporal.PlainDate) => day.with({ day: day.daysInMonth }).toString();

/** Each hands in what the other states, as the file that the other's Carrel wrote. */
async function exchange(ids: Record<Name, string>): Promise<void> {
  for (const name of names) {
    const theirs = await cashier[other[name]].csv(ids[other[name]]);
    expect(await cashier[name].handIn(ids[name], theirs)).toBe(200);
  }
}

interface Line {
  readonly id: string;
  readonly reference: string;
  readonly remark: string | null;
  readonly difference: string;
}
const lineOf = async (name: Name, settlementId: string, reference: string): Promise<Line> =>
  (await cashier[name].settlement(settlementId)).items.find((each: Line) => each.reference === reference);
const differences = async (name: Name, id: string) =>
  (await cashier[name].settlement(id)).compared.filter(({ difference }: Line) => difference !== 'same');
const codes = ({ status, body }: Answer) => [
  status,
  ...(body.reasons ?? []).map(({ code }: { code: string }) => code),
];
const drawn = async (name: Name, until?: string) => (await cashier[name].draw(until))[0];

/** One side's confirmation: its own, or the other's that came in writing. */
const confirm = (name: Name, id: string, side: 'ours' | 'theirs') =>
  cashier[name].act(id, 'confirmations', { side });

const ids = {} as Record<Name, string>;
let tooDear: string;

test('I17 a month between two libraries: drawn up from what was shipped, alike on both sides, and mailed', async () => {
  tooDear = await copied('college', 'city', 700);
  await copied('college', 'city', 300);
  await copied('city', 'college', 250);
  await everywhere(month.with({ day: 15 }));
  for (const name of names) {
    const statement = await drawn(name, lastOf(month));
    expect(statement).toMatchObject({
      state: 'drawn',
      peer: other[name],
      from: month.toString(),
      to: lastOf(month),
      lines: 3,
      total: { amountMinor: name === 'city' ? -750 : 750 },
    });
    ids[name] = statement.id;
    expect(await cashier[name].draw(lastOf(month))).toEqual([]);
  }
  expect((await cashier.city.act(ids.city, 'sendings')).body.state).toBe('sent');
  await world.city.mailbox.waitFor(({ to }) => to.includes('accounts@college.example'), 30_000);
  await exchange(ids);
  for (const name of names) expect(await differences(name, ids[name])).toEqual([]);
});

test('I17 a line that one of them disputes, with a reason, keeps both from confirming until both have corrected it', async () => {
  const reason = 'Nine pages came, not nineteen.';
  const { id: lineId } = await lineOf('city', ids.city, tooDear);
  const disputed = await cashier.city.act(ids.city, 'disputes', { lineId, reason });
  expect(disputed.body).toMatchObject({ state: 'disputed', disputed: 1 });
  const told = await lineOf('college', ids.college, tooDear);
  await cashier.college.act(ids.college, 'disputes', { lineId: told.id, reason, by: 'them' });
  for (const name of names) {
    expect((await lineOf(name, ids[name], tooDear)).remark).toBe(reason);
    expect(codes(await confirm(name, ids[name], 'ours'))).toEqual([409, 'settlement-differs']);
  }

  const correct = { decision: 'correct', amountMinor: 400, reason: 'Agreed by telephone.' };
  const corrected = await cashier.city.act(ids.city, 'decisions', { ...correct, lineId });
  expect(corrected.body).toMatchObject({ state: 'sent', total: { amountMinor: -450 }, lines: 4 });
  await exchange(ids);
  expect(codes(await confirm('city', ids.city, 'ours'))).toEqual([409, 'settlement-differs']);
  expect(await differences('city', ids.city)).toMatchObject([{ reference: tooDear, difference: 'amount' }]);

  await cashier.college.act(ids.college, 'decisions', { ...correct, lineId: told.id });
  await exchange(ids);
  for (const name of names) expect(await differences(name, ids[name])).toEqual([]);
});

test('I17 confirmed on both sides, by two people at once: once each; then nothing can be changed any more', async () => {
  const told = async (name: Name) => {
    const rows = await world[name].orm.em
      .fork()
      .execute(`select 1 from event where kind = 'settlement-confirmed'`);
    return rows.length;
  };
  for (const name of names) {
    const ours = await Promise.all([confirm(name, ids[name], 'ours'), confirm(name, ids[name], 'ours')]);
    expect(ours.map(({ status }) => status)).toEqual([200, 200]);
    expect(await told(name)).toBe(1);
    const theirs = await Promise.all([
      confirm(name, ids[name], 'theirs'),
      confirm(name, ids[name], 'theirs'),
    ]);
    expect(theirs.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await told(name)).toBe(2);
    expect((await cashier[name].settlement(ids[name])).state).toBe('confirmed');
    const { id: lineId } = await lineOf(name, ids[name], tooDear);
    const late = await cashier[name].act(ids[name], 'disputes', { lineId, reason: 'Too late.' });
    expect(codes(late)).toEqual([409, 'settlement-moved-on']);
  }
});

test('I17 paid once, however often it is noted at once; then neither owes the other anything', async () => {
  expect([await cashier.city.balance('college'), await cashier.college.balance('city')]).toEqual([-450, 450]);
  for (const name of names) {
    const paid = await Promise.all([
      cashier[name].act(ids[name], 'payments'),
      cashier[name].act(ids[name], 'payments'),
    ]);
    expect(paid.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await cashier[name].settlement(ids[name])).toMatchObject({
      state: 'settled',
      settledBy: 'finance',
    });
    expect(await cashier[name].balance(other[name])).toBe(0);
  }
});

test('I17 what is entered late stands in the next period’s settlement, and in no other', async () => {
  const late = await copied('college', 'city', 120);
  await everywhere(month.with({ day: 20 }));
  const next = month.add({ months: 1 });
  for (const name of names) {
    expect(await cashier[name].draw(lastOf(month))).toEqual([]);
    const following = await drawn(name);
    expect(following).toMatchObject({
      from: month.toString(),
      to: lastOf(next),
      lines: 1,
      total: { amountMinor: name === 'city' ? -120 : 120 },
    });
    expect(await cashier[name].csv(following.id)).toContain(late);
    expect(await lineOf(name, ids[name], late)).toBeUndefined();
  }
});

test('I17 the statement is a table that any program reads', async () => {
  const [head, ...rows] = (await cashier.college.csv(ids.college)).trim().split(/\r?\n/u);
  expect(head?.replace('\uFEFF', '')).toBe('side,reference,amount,currency,kind,service,number,date');
  expect(rows).toHaveLength(4);
  expect(rows.filter((row) => row.includes(tooDear)).map((row) => row.split(',')[2])).toEqual([
    '7.00',
    '-3.00',
  ]);
});

test('I17 after all of it the books of both are sound', async () => {
  for (const name of names) {
    const { orm, policies } = world[name];
    const request = { policies: policies.all(), now: Date.now(), grace: 'PT1H' };
    expect((await checkInvariants(orm, request)).filter(isBroken)).toEqual([]);
  }
});
