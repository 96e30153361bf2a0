import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { supplyIdOf } from '../../peers/ids.ts';
import { type Console, createDesks } from '../support/desk.ts';
import { aBook, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { illLibrary } from '../support/ill-policy.ts';
import { schemaMistakes, wordOf } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'owner' | 'other';
type End = 'asker' | 'owner';
let world: Installations<Name>;
let at: Record<Name, IllStaff>;
let librarian: Record<End, Console>;
const facing = { asker: 'owner', owner: 'asker' } as const;

beforeAll(async () => {
  const exchange = { giveUpAfterDays: 5 };
  const quiet = { knows: ['asker'], ill: { exchange, lending: { acknowledge: false } } };
  world = await startInstallations({
    asker: {
      ill: { exchange, obtaining: { review: false, answerWithin: 60 }, suppliers: { order: [] } },
    },
    owner: { ...quiet, edition: '2021' },
    other: quiet,
  });
  at = {
    asker: await staffIll(world.asker),
    owner: await staffIll(world.owner),
    other: await staffIll(world.other),
  };
  librarian = {
    asker: await createDesks(world.asker).staff('ill-librarian'),
    owner: await createDesks(world.owner).staff('ill-librarian'),
  };
});

afterAll(() => world?.stop());

let serial = 0;
const ask = async () => {
  const work = { ...aBook.work, title: `Volume ${(serial += 1)}` };
  return at.asker.ask(await at.asker.reader(), { ...aBook, work });
};

/** With whom a request is, and what it is called there. */
async function reaches(id: string, name: 'owner' | 'other') {
  const attempt = await eventually(
    async () => (await at.asker.attempts(id)).find(({ peer }) => peer === name),
    (found) => found !== undefined,
  );
  const ref = attempt?.ourRef ?? '';
  return { id, ref, supplyId: supplyIdOf(illLibrary, 'asker', ref) };
}

/** A request that the owner has promised, with nothing on its way. */
async function promised() {
  const asked = await reaches(await ask(), 'owner');
  await at.owner.hears({ peer: 'asker', ref: asked.ref });
  await at.owner.answer(asked.supplyId, 'promise');
  await at.asker.becomes(asked.id, 'promised');
  return asked;
}

/** As if so many days had gone by for all that waits to be sent. */
async function daysPass(days: number): Promise<void> {
  for (const end of ['asker', 'owner'] as const) {
    const rows = world[end].orm.em.fork();
    await rows.execute(
      `update ill_message set stored_at = stored_at - ? * interval '1 day' where state = 'queued'`,
      [days],
    );
    await rows.execute(
      `update ill_peer set failing_since = failing_since - ? * interval '1 day', next_try_at = next_try_at - ? * interval '1 day'`,
      [days, days],
    );
  }
}

interface Line {
  readonly code: string;
  readonly state: string;
  readonly queued: number;
  readonly failures: number;
}
const lineOf = async (end: End): Promise<Line> =>
  (await librarian[end].get('/v1/staff/peers')).body.items.find(({ code }: Line) => code === facing[end]);

/** Staff have it tried at once. */
async function tryNow(end: End): Promise<void> {
  const { failures } = await lineOf(end);
  const done = await librarian[end].post(`/v1/staff/peers/${facing[end]}/changes`, { change: 'try' });
  expect(done.status).toBeLessThan(300);
  await eventually(
    () => lineOf(end),
    (line) => line.failures > failures || line.state === 'working',
  );
}

const cut = (mode: 'down' | 'open') => {
  world.wire('asker', 'owner').behave(mode);
  world.wire('owner', 'asker').behave(mode);
};

/** What has arrived, in order; what came twice stands twice. */
const arrived = (end: End, since: number) =>
  world
    .wire(facing[end], end)
    .passed.slice(since)
    .filter(({ answer }) => answer !== null)
    .map(({ xml }) => wordOf(xml));
const passed = (end: End) => world.wire(facing[end], end).passed.length;
const tasks = async (end: End): Promise<string[]> =>
  (await librarian[end].get('/v1/staff/tasks?limit=100')).body.items.map(
    ({ kind }: { kind: string }) => kind,
  );

test('I18 a library that cannot be reached for a week: staff see it, others are asked meanwhile, what is too old is given up, and the rest arrives in order, once', async () => {
  const [cancelled, shipped] = [await promised(), await promised()];
  await at.owner.answer(shipped.supplyId, 'shipment');
  await at.asker.becomes(shipped.id, 'shipped');
  const unanswered = await reaches(await ask(), 'owner');
  await at.owner.hears({ peer: 'asker', ref: unanswered.ref });

  cut('down');
  const before = { asker: passed('asker'), owner: passed('owner') };
  const lost = await reaches(await ask(), 'owner');
  await at.owner.answer(unanswered.supplyId, 'promise');
  for (const end of ['asker', 'owner'] as const)
    await eventually(
      () => lineOf(end),
      ({ state }) => state === 'failing',
    );

  await daysPass(3);
  await at.asker.act(cancelled.id, 'cancel');
  await at.asker.act(shipped.id, 'arrival', { desk: 'main' });
  await at.owner.answer(unanswered.supplyId, 'shipment');
  await at.owner.answer(shipped.supplyId, 'recall');
  const elsewhere = await ask();
  const { ref } = await reaches(elsewhere, 'other');
  await at.other.answer(await at.other.hears({ peer: 'asker', ref }), 'promise');
  await at.asker.becomes(elsewhere, 'promised');
  for (const end of ['asker', 'owner'] as const) {
    await tryNow(end);
    expect(await lineOf(end)).toMatchObject({ state: 'failing', queued: 3 });
    expect(await tasks(end)).toContain('peer-failing');
  }

  await daysPass(4);
  for (const end of ['asker', 'owner'] as const) await tryNow(end);
  const next = await reaches(lost.id, 'other');
  await at.other.hears({ peer: 'asker', ref: next.ref });
  expect((await at.asker.attempts(lost.id))[0]).toMatchObject({ peer: 'owner', outcome: 'not-sent' });
  await eventually(
    () => tasks('owner'),
    (kinds) => kinds.includes('supply-unsent'),
  );
  for (const end of ['asker', 'owner'] as const) {
    const { items } = (await librarian[end].get('/v1/staff/messages?state=given-up')).body;
    expect(items).toMatchObject([{ says: end === 'asker' ? 'New' : 'RequestResponse/WillSupply' }]);
    expect(arrived(end, before[end])).toEqual([]);
    expect(await lineOf(end)).toMatchObject({ state: 'failing', queued: 2 });
  }

  cut('open');
  for (const end of ['asker', 'owner'] as const) {
    await tryNow(end);
    await eventually(
      () => lineOf(end),
      ({ state, queued }) => state === 'working' && queued === 0,
    );
    expect(await tasks(end)).not.toContain('peer-failing');
  }
  await at.asker.becomes(cancelled.id, 'cancelled');
  await at.asker.becomes(unanswered.id, 'shipped');
  await eventually(
    async () => (await at.asker.attempts(shipped.id))[0]?.status,
    (status) => status === 'Recalled',
  );
  await eventually(
    () => at.owner.supply(shipped.supplyId),
    (row) => row?.arrivedAt != null,
  );
  expect(arrived('owner', before.owner)).toEqual(['Cancel', 'Received']);
  expect(arrived('asker', before.asker).slice(0, 2)).toEqual([
    'StatusChange Loaned',
    'StatusChange Recalled',
  ]);
  expect(arrived('asker', before.asker).slice(2)).toEqual(['CancelResponse Cancelled']);
  expect(await at.owner.supply(lost.supplyId)).toBeNull();
});

test('I18 all that was said is valid by the edition of whoever reads it', () => {
  expect(schemaMistakes(world.letters(), world.editionOf)).toEqual([]);
});
