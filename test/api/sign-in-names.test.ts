import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Patron } from '../../db/entities/index.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());

const secret = 'the tea is getting cold';
let serial = 0;
const somewhere = () => `10.9.${(serial += 1)}.1`;

async function reader(given: Partial<Patron> = {}) {
  const patron = await edge.build.patron(given);
  await edge.setPassword(patron.id, secret);
  return patron;
}

const signIn = (name: string, password = secret, from = somewhere()) =>
  edge.call('POST', '/v1/sessions', { body: { library: 'demo', name, password }, from });

test('A1 a reader signs in by card, by student number, or by confirmed e-mail address, however typed', async () => {
  const patron = await reader({ login: '3120007', email: 'Mei@Campus.example' });
  const ids = [];
  for (const name of [patron.card, '3120007', '３１２０００７', 'mei@campus.EXAMPLE', ' mei@campus.example'])
    ids.push((await signIn(name)).body.holderId);
  expect(ids).toEqual(Array.from({ length: 5 }, () => patron.id));
  const body = { library: 'demo', card: patron.card, name: patron.card, password: secret };
  expect((await edge.call('POST', '/v1/sessions', { body })).status).toBe(422);
});

test('A1 an address from which mail comes back still lets its owner in', async () => {
  const patron = await reader({ email: 'moved@campus.example', emailState: 'failing' });
  expect((await signIn('moved@campus.example')).body.holderId).toBe(patron.id);
});

test('A1 an address that is not confirmed, or is another library’s reader’s, lets nobody in', async () => {
  await reader({ email: 'new@campus.example', emailState: 'unconfirmed' });
  const elsewhere = await edge.elsewhere.patron({ email: 'there@campus.example' });
  await edge.setPassword(elsewhere.id, secret);
  for (const name of ['new@campus.example', 'there@campus.example'])
    expect((await signIn(name)).status).toBe(401);
});

test('A1 an address that a family shares lets none in as another', async () => {
  const email = 'family@home.example';
  const [mother, child] = [await reader({ email }), await reader({ email })];
  await edge.setPassword(child.id, 'the cake is a lie');
  for (const password of [secret, 'the cake is a lie'])
    expect((await signIn(email, password)).status).toBe(401);
  expect((await signIn(mother.card)).body.holderId).toBe(mother.id);
  await edge.orm.em.getConnection().execute('update patron set closed_at = now() where id = ?', [child.id]);
  expect((await signIn(email)).body.holderId).toBe(mother.id);
});

test('A1 whoever chooses another’s card number as login gets nowhere with it, and takes nothing away', async () => {
  const owner = await reader();
  const other = await reader({ login: owner.card });
  expect((await signIn(owner.card)).body.holderId).toBe(owner.id);
  expect((await signIn(other.card)).body.holderId).toBe(other.id);
});

test('A10 failures count for the account, whichever of its names is used', async () => {
  const { id, card } = await reader({ login: 'counted1', email: 'counted@campus.example' });
  const failed = [card, 'counted1', 'counted@campus.example', card, 'counted1'];
  for (const name of failed) expect((await signIn(name, 'wrong')).body.code).toBe('sign-in-failed');
  // The right password, while the account is locked under other names: answered like a wrong one, so that names cannot be told to belong together.
  const right = await signIn('counted@campus.example');
  const wrong = await signIn('nobody@campus.example');
  expect([right.status, right.body.code]).toEqual([401, 'sign-in-failed']);
  expect({ ...right.body, instance: '' }).toEqual({ ...wrong.body, instance: '' });
  edge.clock.now += 31 * 60_000;
  expect((await signIn('counted@campus.example')).body.holderId).toBe(id);
});

test('A10 a lock does not tell which names belong to one account', async () => {
  const { card } = await reader({ email: 'linked@campus.example' });
  for (let count = 0; count < 5; count += 1) await signIn(card, 'wrong');
  expect((await signIn(card, 'wrong')).body.code).toBe('too-many-attempts');
  const answers = async (name: string) => {
    const codes = [];
    for (let count = 0; count < 6; count += 1) codes.push((await signIn(name, 'wrong')).body.code);
    return codes;
  };
  expect(await answers('linked@campus.example')).toEqual(await answers('unheard-of@campus.example'));
});

test('A10 a stranger who knows an address cannot lock the reader out where the reader signs in', async () => {
  const patron = await reader({ email: 'target@campus.example' });
  const home = somewhere();
  expect((await signIn(patron.card, secret, home)).status).toBe(201);
  for (let count = 0; count < 8; count += 1) await signIn('target@campus.example', 'wrong');
  expect((await signIn('target@campus.example', secret, home)).status).toBe(201);
});

test('A10 failures under a shared address lock none of those who share it', async () => {
  const email = 'all-of-us@home.example';
  const family = [await reader({ email }), await reader({ email })];
  for (let count = 0; count < 8; count += 1) await signIn(email, 'wrong');
  for (const { card } of family) expect((await signIn(card)).status).toBe(201);
});

test('A10 the desk ends the lock under every name', async () => {
  const { id } = await reader({ login: 'freed01', email: 'freed@campus.example' });
  for (const name of ['freed01', 'freed@campus.example'])
    for (let count = 0; count < 5; count += 1) await signIn(name, 'wrong');
  const { token } = await edge.staff(['desk']);
  expect((await edge.call('POST', `/v1/staff/patrons/${id}/unlock`, { token })).status).toBe(204);
  for (const name of ['freed01', 'freed@campus.example']) expect((await signIn(name)).body.holderId).toBe(id);
});

test('A10 a link for a new password can be asked for by login or address', async () => {
  await reader({ login: 'forgot01', email: 'forgot@campus.example' });
  for (const name of ['forgot01', 'FORGOT@campus.example', 'nobody@campus.example']) {
    const body = { library: 'demo', name };
    expect((await edge.call('POST', '/v1/password-links', { body, from: somewhere() })).status).toBe(202);
  }
  expect(
    edge.engine.asked.filter(({ given }) => Array.isArray(given) && given[0] === 'sendPasswordLink'),
  ).toHaveLength(2);
});
