import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Event } from '../../db/entities/index.ts';
import { startEdge } from './edge.ts';
import type { Answered, Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  // 5 failures a card and 8 an address, each for half an hour.
  const lockOut = { failures: 5, lock: 'PT30M', perAddress: { failures: 8, lock: 'PT30M' } };
  edge = await startEdge({ change: (policy) => ({ ...policy, lockOut }) });
});
afterAll(() => edge.stop());

const secret = 'correct horse battery';
const minute = 60_000;
let addresses = 0;
const somewhere = () => `198.51.${Math.floor(addresses / 250)}.${(addresses += 1) % 250}`;

const attempt = (card: string, password: string, from = somewhere()) =>
  edge.call('POST', '/v1/sessions', { body: { library: 'demo', card, password }, from });

async function reader() {
  const patron = await edge.build.patron();
  await edge.setPassword(patron.id, secret);
  return patron;
}

async function fail(card: string, times: number, from?: string): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (let each = 0; each < times; each += 1) answers.push(await attempt(card, 'wrong', from));
  return answers;
}

const statuses = (answers: readonly Answered[]) => answers.map((answer) => answer.status);

describe('A10 the lock of a card', () => {
  test('A10 five failures lock it for thirty minutes, and the answer says until when', async () => {
    const { card } = await reader();
    expect(statuses(await fail(card, 5))).toEqual([401, 401, 401, 401, 429]);
    const until = new Date(edge.clock.now + 30 * minute).toISOString();
    const refused = await attempt(card, secret);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-attempts', reasons: [{ until }] } });
    expect(refused.headers.get('retry-after')).toBe('1800');
    expect(refused.body.detail).toMatch(/\d\d:\d\d/);
    edge.clock.now += 30 * minute;
    expect((await attempt(card, secret)).status).toBe(201);
  });

  test('A10 failures are forgotten by a success, and by time', async () => {
    const { card } = await reader();
    await fail(card, 4);
    expect((await attempt(card, secret)).status).toBe(201);
    expect(statuses(await fail(card, 4))).toEqual([401, 401, 401, 401]);
    edge.clock.now += 31 * minute;
    expect(statuses(await fail(card, 4))).toEqual([401, 401, 401, 401]);
  });

  test('A10 a lock does not become longer while it lasts', async () => {
    const { card } = await reader();
    await fail(card, 5);
    edge.clock.now += 29 * minute;
    expect(statuses(await fail(card, 3))).toEqual([429, 429, 429]);
    edge.clock.now += minute;
    expect((await attempt(card, secret)).status).toBe(201);
  });

  test('A10 of any number of attempts at the same instant no more than the limit get through', async () => {
    const { card } = await reader();
    const answers = await Promise.all(Array.from({ length: 15 }, () => attempt(card, 'wrong')));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(4);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(11);
    expect((await attempt(card, secret)).status).toBe(429);
  });

  test('A10 a card that does not exist is answered and locked like one that does', async () => {
    const { card } = await reader();
    const nobodys = '09999999';
    const known = await fail(card, 7);
    const unknown = await fail(nobodys, 7);
    expect(statuses(unknown)).toEqual(statuses(known));
    const bare = ({ body }: Answered) => ({ ...body, instance: undefined });
    expect(unknown.map(bare)).toEqual(known.map(bare));
  });

  test('A10 a card that does not exist takes as long to refuse', async () => {
    const time = async (card: string) => {
      const began = performance.now();
      await attempt(card, 'wrong');
      return performance.now() - began;
    };
    // The quickest tell what refusing takes; the others, what else the machine does.
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const cards = await Promise.all(Array.from({ length: 3 }, () => reader()));
      for (const { card } of cards) {
        known.push(await time(card));
        unknown.push(await time(`1${card}`));
      }
    }
    const ratio = Math.min(...unknown) / Math.min(...known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test('A10 staff end the lock at once, which is recorded', async () => {
    const patron = await reader();
    await fail(patron.card, 6);
    const { token, id } = await edge.staff(['desk']);
    const path = `/v1/staff/patrons/${patron.id}/unlock`;
    expect((await edge.call('POST', path, { token })).status).toBe(204);
    expect((await attempt(patron.card, secret)).status).toBe(201);
    const events = await edge.orm.em.fork().find(Event, { subjectId: patron.id });
    expect(events).toMatchObject([{ kind: 'card-unlocked', actor: `staff:${id}`, library: 'demo' }]);
  });
});

describe('A10 a stranger cannot lock out a reader for ever', () => {
  test('A10 where the reader has signed in before, the card’s lock does not stop them', async () => {
    const { card } = await reader();
    const home = somewhere();
    expect((await attempt(card, secret, home)).status).toBe(201);
    await fail(card, 6);
    expect((await attempt(card, secret)).status).toBe(429);
    expect((await attempt(card, secret, home)).status).toBe(201);
  });

  test('A10 there too guessing is locked, for that address alone', async () => {
    const { card } = await reader();
    const home = somewhere();
    await attempt(card, secret, home);
    expect(statuses(await fail(card, 6, home))).toEqual([401, 401, 401, 401, 429, 429]);
    expect((await attempt(card, secret, home)).status).toBe(429);
    expect((await attempt(card, secret)).status).toBe(201);
  });

  test('A10 an address is forgotten ninety days after the last sign-in from it', async () => {
    const { card } = await reader();
    const home = somewhere();
    await attempt(card, secret, home);
    edge.clock.now += 91 * 24 * 60 * minute;
    await fail(card, 6);
    expect((await attempt(card, secret, home)).status).toBe(429);
  });
});

describe('A10 the lock of an address', () => {
  test('A10 failures with many cards lock the address, twice as long each time', async () => {
    const from = somewhere();
    const spray = async () => {
      const answers: Answered[] = [];
      for (let each = 0; each < 9; each += 1) {
        const { card } = await reader();
        answers.push(await attempt(card, 'wrong', from));
      }
      return answers.at(-1);
    };
    const lockedFor = (answer: Answered | undefined) => Number(answer?.headers.get('retry-after')) / 60;
    const first = await spray();
    expect([first?.status, lockedFor(first)]).toEqual([429, 30]);
    edge.clock.now += 30 * minute;
    expect(lockedFor(await spray())).toBe(60);
    edge.clock.now += 60 * minute;
    expect(lockedFor(await spray())).toBe(120);
  });

  test('A10 an IPv6 household is one address', async () => {
    for (let each = 0; each < 8; each += 1) {
      const { card } = await reader();
      await attempt(card, 'wrong', `2001:db8:7:1::${each + 1}`);
    }
    const { card } = await reader();
    expect((await attempt(card, secret, '2001:db8:7:1:ffff::9')).status).toBe(429);
    expect((await attempt(card, secret, '2001:db8:7:2::1')).status).toBe(201);
  });

  test('A10 failures from a locked address do not count against a card', async () => {
    const from = somewhere();
    for (let each = 0; each < 8; each += 1) await attempt((await reader()).card, 'wrong', from);
    const { card } = await reader();
    expect(statuses(await fail(card, 10, from)).every((status) => status === 429)).toBe(true);
    expect(statuses(await fail(card, 4))).toEqual([401, 401, 401, 401]);
  });

  test('A10 successes do not count, so that a reading room’s readers do not lock each other out', async () => {
    const from = somewhere();
    for (let each = 0; each < 20; each += 1) {
      const { card } = await reader();
      expect((await attempt(card, secret, from)).status).toBe(201);
    }
  });
});
