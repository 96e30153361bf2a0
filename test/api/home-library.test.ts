import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Session } from '../../db/entities/index.ts';
import { illPolicy } from '../../domain/policy-ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { createPolicies } from '../../config/policies.ts';
import { homeLibraryRoutes } from '../../api/routes/home-library.ts';
import { myDeliveryRoutes } from '../../api/routes/my-deliveries.ts';
import { myRequestActRoutes } from '../../api/routes/my-request-acts.ts';
import { myRequestRoutes } from '../../api/routes/my-requests.ts';
import { passwordRoutes } from '../../api/routes/password.ts';
import { type Edge, startEdge } from './edge.ts';
import { createRequest } from './ill-objects.ts';
import { policies as written } from '../support/made-once.ts';

const networks: Readonly<Record<string, string[]>> = {
  demo: ['198.51.100.0/24', '2001:db8:1::/48', '203.0.113.0/25'],
  chikushino: ['203.0.113.0/24'],
};

const withIll = (policy: LibraryPolicy): LibraryPolicy => {
  const homeNetworks = networks[policy.code];
  if (!homeNetworks) return { ...policy, ill: 'none' };
  return { ...policy, ill: illPolicy.parse({ mode: 'distributed', requests: { homeNetworks } }) };
};

let edge: Edge;
beforeAll(async () => {
  const policies = createPolicies(written.all().map(withIll));
  edge = await startEdge({
    routes: (deps) => {
      const own = { ...deps, policies };
      return [
        ...homeLibraryRoutes(own),
        ...myRequestRoutes(own),
        ...myRequestActRoutes(own),
        ...myDeliveryRoutes(own),
        ...passwordRoutes(own),
      ];
    },
  });
});
afterAll(() => edge?.stop());

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const password = 'correct horse battery';

const wanted = {
  service: 'loan',
  literature: 'book',
  work: { title: 'Anything' },
  delivery: 'pickup',
  place: 'main',
};

async function twoAccounts() {
  const here = await edge.patron();
  const there = await edge.patron({}, 'chikushino');
  await edge.setPassword(there.id, password);
  return { here, there };
}

const link = (token: string, card: string, given = password, library = 'chikushino') =>
  edge.call('POST', '/v1/me/account-links', { token, body: { library, card, password: given } });

const placeOf = (library = 'demo') =>
  edge.deps.policies.has(library) ? edge.deps.policies.get(library).branches[0]?.code : 'main';

const submitTo = (token: string, library: string | undefined) =>
  edge.call('POST', '/v1/me/requests', {
    token,
    body: { ...wanted, ...(library && { library }), place: placeOf(library) },
    headers: { 'idempotency-key': crypto.randomUUID() },
  });

describe('the home library', () => {
  test.each([
    ['198.51.100.7', 'demo'],
    ['::ffff:198.51.100.7', 'demo'],
    ['2001:db8:1:2::3', 'demo'],
    ['2001:DB8:0001::', 'demo'],
    ['2001:db8:2::1', null],
    ['203.0.113.200', 'chikushino'],
    ['203.0.113.7', null],
    ['192.0.2.1', null],
    ['not an address', null],
  ])('I2 is guessed from the network address %s: %s', async (address, expected) => {
    const { status, body } = await edge.call('GET', '/v1/home-library', from(address));
    expect([status, body.guess]).toEqual([200, expected]);
    expect(body.libraries.map(({ code }: { code: string }) => code).toSorted()).toEqual([
      'chikushino',
      'demo',
    ]);
  });

  test('I2 can be chosen among those where the reader has an account, proven by its password', async () => {
    const { here, there } = await twoAccounts();
    const own = await edge.call('GET', '/v1/me/home-libraries', {
      token: here.token,
      ...from('203.0.113.200'),
    });
    expect(own.body).toMatchObject({
      guess: 'chikushino',
      chosen: 'demo',
      choices: [{ code: 'demo', own: true }],
    });
    expect((await link(here.token, there.card, 'wrong')).status).toBe(401);
    const linked = await link(here.token, there.card);
    expect(linked.body.items).toMatchObject([{ library: 'chikushino', card: there.card }]);
    expect(await edge.orm.em.fork().count(Session, { holderId: there.id, revokedAt: null })).toBe(1);
    const both = await edge.call('GET', '/v1/me/home-libraries', {
      token: here.token,
      ...from('203.0.113.200'),
    });
    expect(both.body).toMatchObject({ chosen: 'chikushino', choices: [{ own: true }, { card: there.card }] });
    const others = await edge.call('GET', '/v1/me/account-links', { token: there.token });
    expect(others.body.items).toMatchObject([{ library: 'demo', card: here.card }]);
    expect((await link(here.token, here.card, password, 'demo')).body.code).toBe('account-link-own');
  });

  test('I2 of an account that was unlinked, closed, or given a new password is no choice any more', async () => {
    const end: Record<
      string,
      (here: { token: string }, there: { id: string; token: string }) => Promise<unknown>
    > = {
      unlinked: (here, there) =>
        edge.call('DELETE', `/v1/me/account-links/${there.id}`, { token: here.token }),
      'unlinked from the other side': async (here, there) => {
        const { body } = await edge.call('GET', '/v1/me/account-links', { token: there.token });
        return edge.call('DELETE', `/v1/me/account-links/${body.items[0].patronId}`, { token: there.token });
      },
      closed: (_here, there) =>
        edge.orm.em.fork().execute('update patron set closed_at = now() where id = ?', [there.id]),
      'given a new password': (_here, there) =>
        edge.orm.em
          .fork()
          .execute(`update credential set changed_at = now() + interval '1 minute' where patron_id = ?`, [
            there.id,
          ]),
    };
    for (const [name, act] of Object.entries(end)) {
      const { here, there } = await twoAccounts();
      await link(here.token, there.card);
      await act(here, there);
      const { body } = await edge.call('GET', '/v1/me/home-libraries', { token: here.token });
      expect([name, body.choices.length]).toEqual([name, 1]);
      expect([name, (await submitTo(here.token, 'chikushino')).body.code]).toEqual([
        name,
        'not-your-library',
      ]);
    }
  });
});

describe('a request to a library', () => {
  const cases: readonly (readonly [
    chosen: string | undefined,
    linked: boolean,
    code: string | undefined,
    library: string,
  ])[] = [
    [undefined, false, undefined, 'demo'],
    ['demo', false, undefined, 'demo'],
    ['chikushino', false, 'not-your-library', ''],
    ['zju', false, 'not-your-library', ''],
    ['nowhere', false, 'not-your-library', ''],
    [undefined, true, undefined, 'demo'],
    ['chikushino', true, undefined, 'chikushino'],
    ['zju', true, 'not-your-library', ''],
  ];

  test.each(cases)('I2 chosen %s, with a linked account %s: %s', async (chosen, linked, code, library) => {
    const { here, there } = await twoAccounts();
    if (linked) await link(here.token, there.card);
    edge.engine.asked.length = 0;
    const answered = await submitTo(here.token, chosen);
    const [form] = await edge.orm.em
      .fork()
      .execute('select library, patron_id as patron from ill_form where patron_id in (?, ?)', [
        here.id,
        there.id,
      ]);
    if (code === undefined) {
      expect(form).toEqual({ library, patron: library === 'demo' ? here.id : there.id });
      return;
    }
    expect([answered.status, answered.body.code]).toEqual([409, code]);
    expect([form, edge.engine.asked]).toEqual([undefined, []]);
  });

  test('I2 I11 the requests of linked accounts are listed together, and nobody else’s', async () => {
    const { here, there } = await twoAccounts();
    const at = new Date();
    const theirs = await createRequest(edge.orm.em.fork(), { library: 'chikushino', patronId: there.id, at });
    const seen = async () => (await edge.call('GET', '/v1/me/requests', { token: here.token })).body;
    expect(await seen()).toMatchObject({ total: 0 });
    expect((await edge.call('GET', `/v1/me/requests/${theirs.id}`, { token: here.token })).status).toBe(404);
    await link(here.token, there.card);
    expect(await seen()).toMatchObject({ total: 1, items: [{ library: 'chikushino', id: theirs.id }] });
    expect((await edge.call('GET', `/v1/me/requests/${theirs.id}`, { token: here.token })).status).toBe(200);
  });

  test('I2 what can be done with one’s own request can be done with a linked account’s, and with nobody else’s', async () => {
    const { here, there } = await twoAccounts();
    const at = new Date();
    const theirs = await createRequest(edge.orm.em.fork(), { library: 'chikushino', patronId: there.id, at });
    const acts = { cancel: {}, answer: { accept: false }, renewal: {}, link: {}, place: { place: 'main' } };
    const tried = async (name: string, body: object) => {
      edge.engine.asked.length = 0;
      const headers = { 'idempotency-key': crypto.randomUUID() };
      const path = `/v1/me/requests/${theirs.id}/${name}`;
      const { status } = await edge.call('POST', path, { token: here.token, body, headers });
      return [name, status, edge.engine.asked.map((each) => each.name)];
    };
    for (const [name, body] of Object.entries(acts)) expect(await tried(name, body)).toEqual([name, 404, []]);
    await link(here.token, there.card);
    for (const [name, body] of Object.entries(acts))
      expect(await tried(name, body)).toEqual([name, 200, ['actOnRequest']]);
  });
});
