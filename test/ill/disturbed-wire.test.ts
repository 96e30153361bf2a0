import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readMessage } from '../../iso18626/read.ts';
import { aBook, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { illLibrary, sharedSecret } from '../support/ill-policy.ts';
import { schemaMistakes, wordOf } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';
import type { WireMode } from '../support/wire.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'owner' | 'other';
let world: Installations<Name>;
let asker: IllStaff;
let owner: IllStaff;

beforeAll(async () => {
  const quiet = { lending: { acknowledge: false } };
  world = await startInstallations({
    asker: { edition: '1.2', ill: { obtaining: { review: false }, suppliers: { order: [] } } },
    owner: { edition: '2021', knows: ['asker'], ill: quiet },
    other: { edition: '1.2', knows: ['asker'], ill: quiet },
  });
  [asker, owner] = await Promise.all([staffIll(world.asker), staffIll(world.owner)]);
});

afterAll(() => world?.stop());

/** A request that the owner has. */
async function asked() {
  const id = await asker.ask(await asker.reader(), aBook);
  const [attempt] = await eventually(
    () => asker.attempts(id),
    (found) => found.length > 0,
  );
  return { id, ref: attempt?.ourRef ?? '' };
}

/** What one side has stored of the other's messages about a request, in the order of storing, each as often as it is there. */
async function stored(side: IllStaff, ref: string): Promise<string[]> {
  const rows = await side.carrel.orm.em
    .fork()
    .execute<{ says: string }[]>(
      `select says from ill_message where direction = 'in' and request_ref = ? order by seq`,
      [ref],
    );
  return rows.map(({ says }) => says);
}

/** Until both lines work again: a library does not ask one that it cannot reach while there are others. */
async function recovered() {
  for (const { carrel } of [asker, owner])
    await eventually(
      () => carrel.orm.em.fork().execute('select id from ill_peer where failing_since is not null'),
      (failing) => failing.length === 0,
    );
}

test.each<WireMode>(['down', 'slow', 'loses-answer', 'answers-500', 'twice'])(
  'I18 a wire that is %s both ways for a message or two: everything arrives, once',
  async (mode) => {
    world.wire('asker', 'owner').behave(mode, 2);
    const { id, ref } = await asked();
    const supplyId = await owner.hears({ peer: 'asker', ref });
    world.wire('owner', 'asker').behave(mode, 2);
    await owner.answer(supplyId, 'promise');
    await asker.becomes(id, 'promised');
    expect(await stored(owner, ref)).toEqual(['New']);
    expect(await stored(asker, ref)).toEqual(['RequestResponse/WillSupply']);
    world.wire('asker', 'owner').behave('open');
    world.wire('owner', 'asker').behave('open');
    await recovered();
  },
);

test('I18 a library that cannot be reached for long gets everything in the order in which it was said, once', async () => {
  const wire = world.wire('owner', 'asker');
  const { id, ref } = await asked();
  const supplyId = await owner.hears({ peer: 'asker', ref });
  wire.behave('down');
  const before = wire.passed.length;
  await owner.answer(supplyId, 'promise');
  await owner.answer(supplyId, 'shipment');
  await owner.answer(supplyId, 'recall');
  await eventually(
    async () => wire.passed.length - before,
    (tries) => tries >= 3,
  );
  expect(await stored(asker, ref)).toEqual([]);
  wire.behave('open');
  await eventually(
    () => stored(asker, ref),
    (all) => all.length === 3,
  );
  expect(await stored(asker, ref)).toEqual([
    'RequestResponse/WillSupply',
    'StatusChange/Loaned',
    'StatusChange/Recalled',
  ]);
  const tries = wire.passed.slice(before).filter(({ answer }) => answer === null);
  expect(tries.map(({ xml }) => wordOf(xml))).toEqual(tries.map(() => 'RequestResponse WillSupply'));
  await asker.becomes(id, 'shipped', 'received');
  await recovered();
});

/** Says something to the asker as `who` proves itself to be. */
async function post(who: Name, xml: string) {
  const answer = await fetch(`${world.asker.url}/iso18626/${illLibrary}`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml', authorization: `Bearer ${sharedSecret(who, 'asker')}` },
    body: xml,
  });
  const text = await answer.text();
  const { message } = readMessage(text);
  const status =
    message?.name === 'supplyingAgencyMessageConfirmation'
      ? message.body.confirmationHeader.messageStatus
      : undefined;
  return { http: answer.status, text, status };
}

/** A request that the owner has promised, and the message that said so. */
async function promised() {
  const { id, ref } = await asked();
  const supplyId = await owner.hears({ peer: 'asker', ref });
  await owner.answer(supplyId, 'promise');
  await asker.becomes(id, 'promised');
  const letter = world.wire('owner', 'asker').passed.find(({ xml }) => xml.includes(`>${ref}<`));
  if (!letter) throw new Error('the promise did not go over the wire');
  await eventually(
    async () => letter.answer,
    (answer) => answer !== null,
  );
  return { id, ref, supplyId, letter };
}

test('I18 a message that comes again, long after, gets the confirmation that was stored, and changes nothing', async () => {
  const { ref, letter } = await promised();
  const again = await post('owner', letter.xml);
  expect(again.text).toBe(letter.answer?.xml);
  expect(await stored(asker, ref)).toHaveLength(1);
});

test('I18 an older message that comes later changes nothing', async () => {
  const { id, supplyId, letter } = await promised();
  await owner.answer(supplyId, 'shipment');
  const { state } = await asker.becomes(id, 'shipped', 'received');
  const older = letter.xml
    .replaceAll(/<(timestamp|lastChange)>[^<]*/gu, '<$1>2026-01-01T00:00:00Z')
    .replaceAll('WillSupply', 'Unfilled');
  expect((await post('owner', older)).status).toBe('OK');
  expect((await asker.request(id)).state).toBe(state);
  expect((await asker.attempts(id))[0]).toMatchObject({ outcome: 'open', status: 'Loaned' });
});

test('I18 nobody speaks for another agency: neither in its name nor about its requests', async () => {
  const { id, letter } = await promised();
  const unfilled = letter.xml
    .replaceAll('WillSupply', 'Unfilled')
    .replaceAll(/<(timestamp|lastChange)>[^<]*/gu, `<$1>${new Date(Date.now() + 1_000).toISOString()}`);
  const inItsName = await post('other', unfilled);
  expect(inItsName.status).not.toBe('OK');
  const aboutItsRequest = await post('other', unfilled.replaceAll('XX-OWNER', 'XX-OTHER'));
  expect(aboutItsRequest.status).not.toBe('OK');
  const withoutProof = await fetch(`${world.asker.url}/iso18626/${illLibrary}`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: unfilled,
  });
  expect(await withoutProof.text()).not.toMatch(/>OK</u);
  expect((await asker.request(id)).state).toBe('promised');
  expect(await asker.attempts(id)).toMatchObject([{ outcome: 'open', status: 'WillSupply' }]);
});

test('I18 all that was said is valid by the edition of whoever reads it', () => {
  expect(schemaMistakes(world.letters(), world.editionOf)).toEqual([]);
});
