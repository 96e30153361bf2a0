import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { forwardedId } from '../../activities/supply/centre/forward.ts';
import { registrationPolicy } from '../../domain/policy-registration.ts';
import { importFile } from '../../import/import-file.ts';
import { collection, marcxml } from '../import/marc-builder.ts';
import { createApplicants } from '../support/applicants.ts';
import { createDesks } from '../support/desk.ts';
import { type Cashier, cashierOf } from '../support/ill-cashier.ts';
import { aBook, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { agencyNamed } from '../support/ill-policy.ts';
import { schemaMistakes, wordOf } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

/** Three members, each of which asks the centre and is asked by it. */
const members = ['north', 'south', 'east'] as const;
type MemberName = (typeof members)[number];
type Name = MemberName | 'centre';
let world: Installations<Name>;
let at: Record<Name, IllStaff>;
let cashier: Record<Name, Cashier>;
let folder: string;

const names = { en: 'Interlibrary loan', de: 'Fernleihe', ja: '相互貸借', zh: '馆际互借' };
/** People register themselves at the centre, and are confirmed there. */
const registration = registrationPolicy.parse({
  procedures: [
    {
      code: 'self',
      name: names,
      fields: ['name', 'email', 'phone', 'login', 'password'],
      confirm: true,
      review: { role: 'ill-librarian', within: 1, supervisor: 'supervisor@centre.example' },
      grants: { permissions: ['ill'], userGroup: 'adult', card: { prefix: '09', digits: 6 } },
    },
  ],
});

const isbns = { shared: '9783940000019', norths: '9783940000026', easts: '9783940000033' };

/** Who has what, by the union catalogue. */
const union = () =>
  collection(
    ...Object.entries({
      shared: ['north', 'south', 'east'],
      norths: ['north'],
      easts: ['east'],
    } as const).map(([key, owners]) =>
      marcxml({
        fields: [
          ['001', key],
          ['008', '260101s1948    gw            000 0 ger  '],
          ['020', '  ', 'a', isbns[key as keyof typeof isbns]],
          ['245', '10', 'a', `A book: ${key}`],
          ...owners.map((owner) => ['852', '  ', 'a', agencyNamed(owner).value] as const),
        ],
      }),
    ),
  );

beforeAll(async () => {
  const services = { loan: { deliveries: ['post' as const, 'pickup' as const] } };
  const member = {
    knows: ['centre'],
    ill: { mode: 'centre' as const, lending: { acknowledge: false }, requests: { services } },
  };
  world = await startInstallations({
    north: member,
    south: { ...member, edition: '2021' },
    east: member,
    centre: {
      edition: '2021',
      ill: {
        centre: { members: [...members] },
        lending: { acknowledge: false },
        obtaining: { review: false },
        requests: { permission: 'ill', services },
        suppliers: {
          order: ['priority'],
          unknownHoldings: 'never',
          peers: { east: { priority: 1 }, south: { priority: 2 }, north: { priority: 3 } },
        },
      },
      change: (policy) => ({ ...policy, registration }),
    },
  });
  const everywhere = ['north', 'south', 'east', 'centre'] as const;
  const of = async <T>(make: (name: Name) => Promise<T>) =>
    Object.fromEntries(
      await Promise.all(everywhere.map(async (name) => [name, await make(name)] as const)),
    ) as Record<Name, T>;
  at = await of((name) => staffIll(world[name]));
  cashier = await of((name) => cashierOf(world[name], world[name].build));
  folder = await mkdtemp(join(tmpdir(), 'carrel-union-'));
  const file = join(folder, 'union.xml');
  await writeFile(file, union());
  const { orm, policy } = world.centre;
  const { added } = await importFile({ orm, policy, format: 'holdings-marcxml', file, now: new Date() });
  if (added !== 5) throw new Error(`${added} holdings instead of five`);
});

afterAll(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

const address = '12 Bamboo Lane\nHangzhou';
const wanted = (isbn: string) => ({
  ...aBook,
  work: { title: 'A book', isbn },
  delivery: 'post',
  place: undefined,
  address,
});

/** A member's request as the centre has it, and the centre's own request that it became. */
async function atCentre(member: MemberName, id: string) {
  const [attempt] = await eventually(
    () => at[member].attempts(id),
    (found) => found.length > 0,
  );
  const supplyId = await at.centre.hears({ peer: member, ref: attempt?.ourRef ?? '' });
  return { supplyId, ownId: forwardedId(supplyId) };
}

/** Whom the centre asks next for a request of its own, counted from 1, and what the request is called there. */
async function passedTo(ownId: string, position: number) {
  const attempt = await eventually(
    async () => (await at.centre.attempts(ownId))[position - 1],
    (found) => found !== undefined,
  );
  const name = attempt?.peer as MemberName;
  return { name, supplyId: await at[name].hears({ peer: 'centre', ref: attempt?.ourRef ?? '' }) };
}

const balances = async () => ({
  member: await cashier.north.balance('centre'),
  ofMember: await cashier.centre.balance('north'),
  ofSupplier: await cashier.centre.balance('south'),
  supplier: await cashier.south.balance('centre'),
});

test('I5 I10 I17 three members: the centre asks those that have it, never whoever asks; unfilled at the first, filled at the second; both sides hear of it, and both are settled with', async () => {
  const reader = await at.north.reader();
  const id = await at.north.ask(reader, wanted(isbns.shared));
  const { supplyId, ownId } = await atCentre('north', id);
  const first = await passedTo(ownId, 1);
  expect(first.name).toBe('east');
  await at.east.answer(first.supplyId, 'unfilled', { reason: 'NotOnShelf' });
  const second = await passedTo(ownId, 2);
  expect(second.name).toBe('south');
  const { delivery } = (await at.south.supply(second.supplyId)) ?? {};
  expect(JSON.stringify(delivery)).toContain('12 Bamboo Lane');
  await at.south.answer(second.supplyId, 'promise');
  await at.north.becomes(id, 'promised');
  await at.centre.stands(supplyId, 'WillSupply');
  await at.south.answer(second.supplyId, 'shipment', { costMinor: 700 });
  await at.north.becomes(id, 'received');
  await at.centre.stands(supplyId, 'Loaned');
  expect(await at.centre.attempts(ownId)).toMatchObject([
    { peer: 'east', outcome: 'unfilled', reason: 'NotOnShelf' },
    { peer: 'south', outcome: 'open', status: 'Loaned' },
  ]);
  const { body } = await world.north.call(reader.token, 'GET', `/v1/me/requests/${id}`);
  expect(body.stateText).toBe('Sent straight to the reader by the library that supplies it');
  expect(body.steps.map(({ text }: { text: string }) => text)).not.toContain('It arrived');
  expect(await balances()).toEqual({ member: -700, ofMember: 700, ofSupplier: -700, supplier: 700 });
});

test('I5 what only the asking member has is asked of nobody', async () => {
  const id = await at.north.ask(await at.north.reader(), wanted(isbns.norths));
  const { ownId } = await atCentre('north', id);
  await at.north.becomes(id, 'unfilled');
  expect(await at.centre.attempts(ownId)).toEqual([]);
  expect(await at.north.attempts(id)).toMatchObject([{ outcome: 'unfilled', reason: 'NotHeld' }]);
});

test('I5 a member cancels while its supplier has just shipped: the centre passes the no on, and the thing comes', async () => {
  const id = await at.south.ask(await at.south.reader(), wanted(isbns.easts));
  const { supplyId, ownId } = await atCentre('south', id);
  const asked = await passedTo(ownId, 1);
  await at.east.answer(asked.supplyId, 'promise');
  await at.south.becomes(id, 'promised');
  const [up, down] = [
    world.wire('centre', 'east').passed.length,
    world.wire('centre', 'south').passed.length,
  ];
  world.wire('east', 'centre').behave('down');
  await at.east.answer(asked.supplyId, 'shipment');
  await at.south.act(id, 'cancel');
  await eventually(
    async () =>
      world
        .wire('centre', 'east')
        .passed.slice(up)
        .map(({ xml }) => wordOf(xml)),
    (words) => words.includes('Cancel'),
  );
  world.wire('east', 'centre').behave('open');
  await at.south.becomes(id, 'received');
  const answer = await eventually(
    async () =>
      world
        .wire('centre', 'south')
        .passed.slice(down)
        .find(({ xml }) => wordOf(xml).startsWith('CancelResponse')),
    (found) => found !== undefined,
  );
  expect(answer?.xml).toContain('<answerYesNo>N');
  await at.centre.stands(supplyId, 'Loaned');
  expect(await at.east.supply(asked.supplyId)).toMatchObject({ status: 'Loaned' });
});

test('I7 somebody registers at the centre, is confirmed there, signs in and orders: the centre asks the member that has it', async () => {
  const applicants = createApplicants(world.centre);
  const fields = {
    name: 'Chen San',
    email: applicants.address(),
    phone: '+86 139 0000 0003',
    login: 'chensan',
    password: 'quite another horse',
  };
  const applicant = await applicants.confirmed('self', fields);
  expect((await applicants.signIn(fields.login, fields.password)).status).toBe(401);
  const stranger = await at.centre.reader();
  const bare = await world.centre.build.patron();
  const unconfirmed = { ...stranger, token: await world.centre.build.sign('patron', bare.id) };
  await expect(at.centre.ask(unconfirmed, wanted(isbns.easts))).rejects.toThrow('permission-missing');

  const librarian = await createDesks(world.centre).staff('ill-librarian');
  const decided = await librarian.post(`/v1/staff/applications/${applicant.id}/decisions`, {
    decision: 'approve',
    seen: { state: 'reviewing', version: 1 },
    terms: { overdraftLimitMinor: 20_000, depositMinor: 10_000, expiresOn: '2090-06-30' },
    reason: 'Known to the library.',
  });
  expect(decided.body).toMatchObject({ state: 'approved' });
  const session = await applicants.signIn(fields.login, fields.password);
  expect(session.status).toBe(201);

  const me = (await world.centre.call(session.body.token, 'GET', '/v1/me')).body;
  const chen = { id: me.id, card: me.card, token: session.body.token };
  const id = await at.centre.ask(chen, wanted(isbns.easts));
  const asked = await passedTo(id, 1);
  expect(asked.name).toBe('east');
  await at.east.answer(asked.supplyId, 'shipment', { costMinor: 300 });
  const request = await at.centre.becomes(id, 'shipped', 'received');
  expect(request).toMatchObject({ patronId: me.id, onBehalfOf: null });
  const shown = await world.centre.call(session.body.token, 'GET', `/v1/me/requests/${id}`);
  expect(shown.body).toMatchObject({ id, state: request.state });
});

test('I18 all that was said is valid by the edition of whoever reads it', () => {
  expect(schemaMistakes(world.letters(), world.editionOf)).toEqual([]);
});
