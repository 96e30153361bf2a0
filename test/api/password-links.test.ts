import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EngineUnavailable } from '../../api/commands-port.ts';
import { Event, PasswordLink, Patron } from '../../db/entities/index.ts';
import { passwordLinkSecret } from '../../domain/password-link.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.stop());
beforeEach(() => {
  edge.engine.asked.length = 0;
  edge.engine.answer = () => ({ outcome: 'done', result: {} });
});

const minute = 60_000;
const chosen = 'a fresh and long one';
let addresses = 0;
const somewhere = () => `203.0.113.${(addresses += 1)}`;

const ask = (card: string, from = somewhere()) =>
  edge.call('POST', '/v1/password-links', { body: { library: 'demo', card }, from });

const signIn = (card: string, password: string, from = somewhere()) =>
  edge.call('POST', '/v1/sessions', { body: { library: 'demo', card, password }, from });

/** The links the engine has been asked to send since. */
const sent = () =>
  edge.engine.asked.flatMap(({ name, given }) => {
    const [command, link] = given as [string, { linkId: string }];
    return name === 'run' && command === 'sendPasswordLink' ? [link.linkId] : [];
  });

const use = (
  linkId: string,
  password: string,
  secret = passwordLinkSecret(edge.deps.config.secret, linkId),
  from = somewhere(),
) => edge.call('POST', `/v1/password-links/${linkId}/use`, { body: { secret, password }, from });

async function reader(given: Partial<Patron> = {}) {
  const patron = await edge.build.patron(given);
  await edge.setPassword(patron.id, 'the forgotten password');
  return patron;
}

async function linkFor(card: string): Promise<string> {
  await ask(card);
  return sent().at(-1) ?? '';
}

describe('A10 a forgotten password', () => {
  test('A10 a reader asks for a link, and sets a new password with it, once', async () => {
    const { card } = await reader();
    expect((await ask(card)).status).toBe(202);
    const [linkId = ''] = sent();
    expect(await use(linkId, 'short')).toMatchObject({ status: 422, body: { code: 'too-short' } });
    expect((await use(linkId, chosen)).status).toBe(204);
    expect((await signIn(card, chosen)).status).toBe(201);
    expect((await signIn(card, 'the forgotten password')).status).toBe(401);
    expect(await use(linkId, 'yet another long one')).toMatchObject({
      status: 410,
      body: { code: 'link-expired' },
    });
  });

  test('A10 the link ends every session and every lock, and is in the reader’s story', async () => {
    const { card, id } = await reader();
    const home = somewhere();
    const { token } = (await signIn(card, 'the forgotten password', home)).body;
    for (let each = 0; each < 5; each += 1) await signIn(card, 'wrong');
    for (let each = 0; each < 5; each += 1) await signIn(card, 'wrong', home);
    const linkId = await linkFor(card);
    await use(linkId, chosen);
    expect((await edge.call('GET', '/v1/me', { token })).status).toBe(401);
    expect((await signIn(card, chosen, home)).status).toBe(201);
    const events = await edge.orm.em.fork().find(Event, { subjectId: id });
    expect(events).toMatchObject([{ kind: 'password-reset', actor: `patron:${id}` }]);
  });

  test('A10 where the link was used the reader can sign in, whatever a stranger does elsewhere', async () => {
    const { card } = await reader();
    const linkId = await linkFor(card);
    const home = somewhere();
    await use(linkId, chosen, undefined, home);
    for (let each = 0; each < 6; each += 1) await signIn(card, 'wrong');
    expect((await signIn(card, chosen)).status).toBe(429);
    expect((await signIn(card, chosen, home)).status).toBe(201);
  });

  test('A10 an hour later the link no longer works, nor does one that was not meant', async () => {
    const { card } = await reader();
    const linkId = await linkFor(card);
    expect((await use(linkId, chosen, 'guessed')).status).toBe(410);
    expect((await use(linkId, chosen, passwordLinkSecret('another secret', linkId))).status).toBe(410);
    expect((await use('0190b0a4-0000-7000-8000-000000000000', chosen)).status).toBe(410);
    edge.clock.now += 60 * minute;
    expect((await use(linkId, chosen)).status).toBe(410);
  });

  test('A10 setting a password ends the links that were sent before', async () => {
    const { card } = await reader();
    const first = await linkFor(card);
    const second = await linkFor(card);
    expect((await use(second, chosen)).status).toBe(204);
    expect((await use(first, 'yet another long one')).status).toBe(410);
  });

  test('A10 used twice at the same instant, the link sets one password', async () => {
    const { card } = await reader();
    const linkId = await linkFor(card);
    const both = await Promise.all([use(linkId, `${chosen} 1`), use(linkId, `${chosen} 2`)]);
    expect(both.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([204, 410]);
  });
});

describe('A10 nobody learns whether a card exists', () => {
  test('A10 the answer and its time are the same for a card that does not exist', async () => {
    const { card } = await reader();
    const time = async (each: string) => {
      const began = performance.now();
      const answered = await ask(each);
      return { status: answered.status, body: answered.body, ms: performance.now() - began };
    };
    const known = await time(card);
    const unknown = await time('09999999');
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    expect(Math.min(known.ms, unknown.ms)).toBeGreaterThan(240);
    expect(sent()).toHaveLength(1);
  });

  test('A10 a card without a confirmed address, a closed one and another library’s get no mail', async () => {
    const unconfirmed = await reader({ emailState: 'unconfirmed' });
    const closed = await reader({ closedAt: new Date() });
    const elsewhere = await edge.elsewhere.patron();
    for (const { card } of [unconfirmed, closed, { card: elsewhere.card.padStart(12, 'z') }])
      expect((await ask(card)).status).toBe(202);
    expect(
      (await edge.call('POST', '/v1/password-links', { body: { library: 'nowhere', card: '01234567' } }))
        .status,
    ).toBe(202);
    expect(sent()).toEqual([]);
  });

  test('A10 an engine that is down says so for every card, and leaves nothing half done', async () => {
    const { card, id } = await reader();
    edge.engine.answer = () => {
      throw new EngineUnavailable(new Error('down'));
    };
    expect((await ask(card)).status).toBe(503);
    expect((await ask('09999998')).status).toBe(503);
    expect(await edge.orm.em.fork().count(PasswordLink, { patronId: id })).toBe(0);
  });

  test('A10 a card gets a few mails an hour, and an address may ask for a few', async () => {
    const { card } = await reader();
    for (let each = 0; each < 6; each += 1) expect((await ask(card)).status).toBe(202);
    expect(sent()).toHaveLength(4);
    const from = somewhere();
    const asked = await Promise.all(
      Array.from({ length: 31 }, (_each, number) => ask(`1234${number}`, from)),
    );
    expect(asked.filter((each) => each.status === 429)).toHaveLength(1);
  });
});

describe('A10 at the desk', () => {
  test('A10 a password for once leads only to an own one, ends sessions and locks, and is recorded', async () => {
    const { card, id } = await reader();
    const before = (await signIn(card, 'the forgotten password')).body.token;
    for (let each = 0; each < 5; each += 1) await signIn(card, 'wrong');
    const desk = await edge.staff(['desk']);
    const given = await edge.call('POST', `/v1/staff/patrons/${id}/one-time-password`, { token: desk.token });
    expect(given.status).toBe(201);
    expect((await edge.call('GET', '/v1/me', { token: before })).status).toBe(401);

    const opened = await signIn(card, given.body.password);
    expect(opened).toMatchObject({ status: 201, body: { scope: 'new-password' } });
    const { token } = opened.body;
    expect((await edge.call('GET', '/v1/me', { token })).status).toBe(403);
    const body = { current: given.body.password, new: chosen };
    expect((await edge.call('PUT', '/v1/me/password', { token, body })).status).toBe(204);
    expect(await signIn(card, chosen)).toMatchObject({ status: 201, body: { scope: 'full' } });
    expect((await signIn(card, given.body.password)).status).toBe(401);
    const events = await edge.orm.em
      .fork()
      .find(Event, { subjectId: id }, { orderBy: { at: 'asc', id: 'asc' } });
    expect(events.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['one-time-password-given', `staff:${desk.id}`],
      ['password-changed', `patron:${id}`],
    ]);
  });

  test('A10 it works for a day, and not for a closed card', async () => {
    const { card, id } = await reader();
    const path = `/v1/staff/patrons/${id}/one-time-password`;
    const { password } = (await edge.call('POST', path, { token: (await edge.staff(['desk'])).token })).body;
    edge.clock.now += 24 * 60 * minute;
    expect((await signIn(card, password)).status).toBe(401);
    await edge.orm.em.fork().nativeUpdate(Patron, { id }, { closedAt: new Date() });
    const refused = await edge.call('POST', path, { token: (await edge.staff(['desk'])).token });
    expect(refused).toMatchObject({ status: 409, body: { code: 'patron-closed' } });
  });
});
