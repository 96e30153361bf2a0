import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Carrel, startCarrel } from '../support/carrel.ts';

let carrel: Carrel;
beforeAll(async () => {
  carrel = await startCarrel();
});
afterAll(() => carrel?.stop());

const post = (path: string, body: object) =>
  carrel.call(undefined, 'POST', path, body, { 'idempotency-key': uuid() });

/** The member of the demonstration library's list. */
async function verify() {
  const { body } = await post('/v1/identity-verifications', { library: 'demo', provider: 'campus' });
  const given = { secret: body.secret, number: '20260001', password: 'campus-secret' };
  const completed = await post(`/v1/identity-verifications/${body.id}/completion`, given);
  return { id: body.id, secret: body.secret, completed };
}

test('A1 a campus member is verified, sets e-mail and password, and signs in by number or campus account; nobody reviews', async () => {
  const { id, secret, completed } = await verify();
  expect([completed.status, completed.body.number]).toEqual([200, '20260001']);
  const fields = { email: 'member@demo.example', password: 'the tea is getting cold' };
  const applied = await post('/v1/applications', {
    library: 'demo',
    procedure: 'campus',
    fields,
    identity: { id, secret },
  });
  expect(applied.status).toBe(202);

  const byNumber = await post('/v1/sessions', {
    library: 'demo',
    name: '20260001',
    password: fields.password,
  });
  expect(byNumber.status).toBe(201);
  const again = await verify();
  expect([again.completed.status, again.completed.body.holderId]).toEqual([201, byNumber.body.holderId]);
});

test('A1 closing the card lets go of number and campus account: the member registers again, and that is on record', async () => {
  const member = await verify();
  const { holderId } = member.completed.body;
  const admin = (await carrel.build.staff('administrator')).token;
  const key = { 'idempotency-key': uuid() };
  const closed = await carrel.call(admin, 'POST', `/v1/staff/patrons/${holderId}/closure`, {}, key);
  expect(closed.status).toBe(200);
  const story = (await carrel.call(admin, 'GET', `/v1/staff/patrons/${holderId}/events`)).body.items;
  expect(story.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining(['closed', 'identity-unbound', 'patron-changed']),
  );
  const changes = (await carrel.call(admin, 'GET', `/v1/staff/patrons/${holderId}/changes`)).body.items;
  expect(changes[0]).toMatchObject({
    fields: ['login'],
    before: { login: '20260001' },
    after: { login: null },
  });

  const { id, secret, completed } = await verify();
  expect([completed.status, completed.body.number]).toEqual([200, '20260001']);
  const fields = { email: 'again@demo.example', password: 'the tea is getting cold' };
  const given = { library: 'demo', procedure: 'campus', fields, identity: { id, secret } };
  expect((await post('/v1/applications', given)).status).toBe(202);
  const name = { library: 'demo', name: '20260001', password: fields.password };
  const signedIn = await post('/v1/sessions', name);
  expect(signedIn.status).toBe(201);
  expect(signedIn.body.holderId).not.toBe(holderId);
  expect((await verify()).completed.body.holderId).toBe(signedIn.body.holderId);
});
