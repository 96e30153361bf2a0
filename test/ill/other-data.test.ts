import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { said } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'owner';
let world: Installations<Name>;
let asker: IllStaff;
let owner: IllStaff;

beforeAll(async () => {
  const ill = { obtaining: { review: false, asks: { data: 'reader' as const } } };
  world = await startInstallations({ asker: { ill }, owner: { edition: '2021' } });
  [asker, owner] = await Promise.all([staffIll(world.asker), staffIll(world.owner)]);
});

afterAll(() => world?.stop());

const heard = async (id: string, position: number) => {
  const attempts = await eventually(
    () => asker.attempts(id),
    (found) => found.length >= position,
  );
  return owner.hears({ peer: 'asker', ref: attempts[position - 1]?.ourRef ?? '' });
};

test('I10 a supplier does not find it as cited: the reader says which volume it is, and the same library is asked once more', async () => {
  const reader = await asker.reader();
  const id = await asker.ask(reader);
  const first = await heard(id, 1);
  await owner.answer(first, 'retry', { reason: 'NotFoundAsCited', note: 'Which volume?' });
  await asker.becomes(id, 'asked');

  const path = `/v1/me/requests/${id}/retry`;
  const key = { 'idempotency-key': uuid() };
  const retry = (token: string, headers = key) =>
    world.asker.call(token, 'POST', path, { work: { volume: '2' } }, headers);
  const stranger = await asker.reader();
  expect(await retry(stranger.token, { 'idempotency-key': uuid() })).toMatchObject({ status: 404 });
  const answered = await eventually(
    () => retry(reader.token),
    ({ status }) => status !== 202,
  );
  expect(answered).toMatchObject({ status: 200, body: { state: 'requested', work: { volume: '2' } } });

  const second = await heard(id, 2);
  expect(await owner.supply(first)).toMatchObject({ status: 'RetryPossible' });
  expect(await owner.supply(second)).toMatchObject({
    status: 'RequestReceived',
    content: { volume: '2' },
  });
  const attempts = await asker.attempts(id);
  expect(attempts.map(({ peer, outcome }) => [peer, outcome])).toEqual([
    ['owner', 'retry'],
    ['owner', 'open'],
  ]);
  expect(attempts[1]?.retryOf).toBe(attempts[0]?.id);
  expect(said(world.letters())).toContain('asker: request Retry');
  const again = await retry(reader.token, { 'idempotency-key': uuid() });
  expect(again).toMatchObject({ status: 409, body: { reasons: [{ code: 'request-not-asked' }] } });
});
