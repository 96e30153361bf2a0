import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { forwardedId } from '../../activities/supply/centre/forward.ts';
import { aBook, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { said, schemaMistakes } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'member' | 'centre' | 'near' | 'far';
let world: Installations<Name>;
let at: Record<Name, IllStaff>;

beforeAll(async () => {
  const supplying = { knows: ['centre'], ill: { lending: { acknowledge: false } } };
  world = await startInstallations({
    member: {
      knows: ['centre'],
      ill: {
        mode: 'centre',
        obtaining: { review: false },
        requests: {
          services: { loan: { deliveries: ['post', 'pickup'] } },
          groupUsers: ['institution'],
        },
      },
    },
    centre: {
      edition: '2021',
      ill: { centre: { members: ['member'] }, lending: { acknowledge: false } },
    },
    near: supplying,
    far: { ...supplying, edition: '2021' },
  });
  at = {
    member: await staffIll(world.member),
    centre: await staffIll(world.centre),
    near: await staffIll(world.near),
    far: await staffIll(world.far),
  };
});

afterAll(() => world?.stop());

let serial = 0;
/** Another work each time: who could not supply it lately is asked last. */
const anotherBook = () => ({ ...aBook, work: { title: `The centre's volume ${(serial += 1)}` } });
const address = '12 Bamboo Lane\nHangzhou';
const byPost = () => ({ ...anotherBook(), delivery: 'post', place: undefined, address });

/** A member's request as the centre has it, and the centre's own request that it became. */
async function atCentre(id: string) {
  const [attempt] = await eventually(
    () => at.member.attempts(id),
    (found) => found.length > 0,
  );
  const supplyId = await at.centre.hears({ peer: 'member', ref: attempt?.ourRef ?? '' });
  return { supplyId, ownId: forwardedId(supplyId) };
}

/** Until the centre has turned to its supplier of this number, counted from 1: who that is, and what the request is called there. */
async function passedTo(ownId: string, position: number) {
  const attempt = await eventually(
    async () => (await at.centre.attempts(ownId))[position - 1],
    (found) => found !== undefined,
  );
  const name = attempt?.peer as 'near' | 'far';
  return { name, supplyId: await at[name].hears({ peer: 'centre', ref: attempt?.ourRef ?? '' }) };
}

/** All that was said since, without who the two suppliers are. */
const saidSince = (before: number, first: string) =>
  said(world.letters().slice(before)).map((line) =>
    line.replace(/^(near|far):/u, (_, name) => (name === first ? 'first:' : 'second:')),
  );

test('I5 I9 I10 through the centre to the first supplier, then to the next, straight to the reader; renewed and sent back through it', async () => {
  const id = await at.member.ask(await at.member.reader(), byPost());
  const { supplyId, ownId } = await atCentre(id);
  const first = await passedTo(ownId, 1);
  await at[first.name].answer(first.supplyId, 'unfilled', { reason: 'NotOnShelf' });
  const second = await passedTo(ownId, 2);
  expect(second.name).not.toBe(first.name);
  const { delivery } = (await at[second.name].supply(second.supplyId)) ?? {};
  expect(JSON.stringify(delivery)).toContain('12 Bamboo Lane');
  expect(await at.member.request(id)).toMatchObject({ state: 'requested' });

  const dueOn = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
  await at[second.name].answer(second.supplyId, 'shipment', { costMinor: 700, dueOn });
  const shipped = await at.member.becomes(id, 'received');
  expect(shipped).toMatchObject({ direct: true, itemId: null });
  expect(await at.centre.supply(supplyId)).toMatchObject({ status: 'Loaned', costMinor: 700n });
  const [attempt] = await at.member.attempts(id);
  expect(attempt).toMatchObject({ status: 'Loaned', costMinor: 700n });

  await at.member.act(id, 'renewal');
  await eventually(
    async () => (await at.member.attempts(id))[0]?.dueAt,
    (due) => (due?.getTime() ?? 0) > (attempt?.dueAt?.getTime() ?? 0),
  );
  await at.member.act(id, 'send-back');
  await eventually(
    () => at[second.name].supply(second.supplyId),
    (supply) => supply?.sentBackAt != null,
  );
  await at[second.name].answer(second.supplyId, 'return', { desk: 'main' });
  await at.member.becomes(id, 'completed');
  await at.centre.becomes(ownId, 'completed');
  expect(saidSince(0, first.name)).toEqual([
    'member: request New',
    'centre: request New',
    'first: RequestResponse Unfilled',
    'centre: request New',
    'second: RequestResponse Loaned',
    'centre: RequestResponse Loaned',
    'member: Renew',
    'centre: Renew',
    'second: RenewResponse Loaned',
    'centre: RenewResponse Loaned',
    'member: ShippedReturn',
    'centre: ShippedReturn',
    'second: StatusChange LoanCompleted',
    'centre: StatusChange LoanCompleted',
  ]);
});

test('I5 I10 unfilled by all: the member hears it once, at the end', async () => {
  const before = world.letters().length;
  const id = await at.member.ask(await at.member.reader(), byPost());
  const { ownId } = await atCentre(id);
  for (const position of [1, 2]) {
    const asked = await passedTo(ownId, position);
    await at[asked.name].answer(asked.supplyId, 'unfilled', { reason: 'NotHeld' });
  }
  await at.member.becomes(id, 'unfilled');
  expect(await at.member.attempts(id)).toMatchObject([{ peer: 'centre', outcome: 'unfilled' }]);
  const told = said(world.letters().slice(before)).filter((line) =>
    line.startsWith('centre: RequestResponse'),
  );
  expect(told).toEqual(['centre: RequestResponse Unfilled']);
});

test('I5 a member gives up: the supplier hears of it, and its yes comes back', async () => {
  const id = await at.member.ask(await at.member.reader(), byPost());
  const { supplyId, ownId } = await atCentre(id);
  const asked = await passedTo(ownId, 1);
  await at[asked.name].answer(asked.supplyId, 'promise');
  await at.member.becomes(id, 'promised');
  await at.member.act(id, 'cancel');
  await at[asked.name].stands(asked.supplyId, 'Cancelled');
  await at.centre.stands(supplyId, 'Cancelled');
  await at.member.becomes(id, 'cancelled');
});

/** A thing that goes to the member library and is passed on there. */
async function passedOn(id: string): Promise<void> {
  const { ownId } = await atCentre(id);
  const asked = await passedTo(ownId, 1);
  await at[asked.name].answer(asked.supplyId, 'shipment');
  expect(await at.member.becomes(id, 'shipped')).toMatchObject({ direct: false });
  await at.member.act(id, 'arrival', { desk: 'main' });
}

test('I6 an institution’s account asks for one of its readers; its librarian receives it and passes it on', async () => {
  const institution = await at.member.reader({ userGroup: 'institution' });
  const wish = { ...anotherBook(), beneficiary: 'Zhang Wei, Institute of Optics' };
  const id = await at.member.ask(institution, wish);
  await passedOn(id);
  await at.member.becomes(id, 'received');
});

test('I7 a librarian asks for somebody without an account, receives it, hands it out and sends it back', async () => {
  const wish = { ...anotherBook(), beneficiary: 'A visitor' };
  const { body } = await at.member.post('/v1/staff/requests', wish);
  const id = String(body.id);
  await passedOn(id);
  await at.member.act(id, 'hand-out');
  await at.member.act(id, 'take-back', { desk: 'main' });
  await at.member.act(id, 'send-back');
  expect(await at.member.becomes(id, 'returning')).toMatchObject({ patronId: null });
});

test('I18 all that was said is valid by the edition of whoever reads it', () => {
  expect(schemaMistakes(world.letters(), world.editionOf)).toEqual([]);
});
