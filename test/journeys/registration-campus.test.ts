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
