import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLines, ringingFirst } from '../../activities/peers/lines.ts';
import { queueRequest, queueToSupplier } from '../../activities/peers/queue.ts';
import { waitMs } from '../../activities/peers/record.ts';
import { sendQueued } from '../../activities/peers/send.ts';
import { inTransaction } from '../../db/transaction.ts';
import { readMessage } from '../../iso18626/read.ts';
import { confirmationOf } from '../../peers/confirm.ts';
import { peerIdOf } from '../../peers/ids.ts';
import type { Letter, Posted } from '../../peers/post.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createExchange, type Exchange, exchanges, type Peer } from '../support/exchange.ts';

const begin = Date.parse('2026-11-22T10:00:00Z');
const day = 24 * 3_600_000;

let bench: ActivityBench;
let home: Exchange;
/** What the other side does with a letter. */
let other: (letter: Letter) => Posted | Promise<Posted>;
const letters: {
  readonly peer: string;
  readonly says: string;
  readonly ref: string;
  readonly xml: string;
}[] = [];

const errors = (errorValue: string) => [{ errorType: 'UnrecognisedDataValue', errorValue }] as const;
const answer = (xml: string, wrong: Parameters<typeof confirmationOf>[0]['errors'] = []): Posted => {
  const reading = readMessage(xml);
  const edition = reading.edition;
  return {
    status: 200,
    body: confirmationOf({ reading, receivedAt: new Date(begin), edition, errors: wrong }),
  };
};
const takes = ({ xml }: Letter) => answer(xml);
const down = () => {
  throw new Error('connect ECONNREFUSED');
};

beforeAll(async () => {
  bench = await startActivities({
    change: exchanges,
    post: async (letter) => {
      const { message } = readMessage(letter.xml);
      if (message?.name !== 'request' && message?.name !== 'requestingAgencyMessage') throw new Error('?');
      const says = message.name === 'request' ? 'request' : message.body.action;
      const ref = message.body.header.requestingAgencyRequestId;
      letters.push({ peer: letter.peer.code, says, ref, xml: letter.xml });
      return other(letter);
    },
  });
  home = createExchange(bench);
});
afterAll(() => bench.stop());

/** A worker that is killed before it commits anything. */
function withoutCommits(orm: ActivityBench['orm']): ActivityBench['orm'] {
  const fork = (...options: Parameters<typeof orm.em.fork>) =>
    Object.assign(orm.em.fork(...options), { transactional: () => Promise.reject(new Error('killed')) });
  return { em: { fork } } as unknown as ActivityBench['orm'];
}

/** Sends what is queued, on a clock that runs fast. */
async function send(peer: Peer, from: number, { orm = bench.orm, lines = createLines(), tick = 200 } = {}) {
  let now = from;
  const clock = () => (now += tick);
  const sending = { lines, clock, beat: () => undefined, stopped: () => false };
  const peerId = peerIdOf(home.library, peer);
  return sendQueued({ ...bench.deps, orm }, { peerId, now: from }, sending);
}

const asked = { bibliographicInfo: { title: 'Kokoro' }, serviceInfo: { serviceType: 'Loan' } } as const;

async function request(peer: Peer, at = begin) {
  const made = await home.asked(peer);
  await inTransaction(bench.orm, (tx) => queueRequest(tx, bench.policy, made.attempt, asked, new Date(at)));
  return made;
}

const line = async (peer: Peer) =>
  (await bench.rows<Record<string, unknown>>('select * from ill_peer where code = ?', [peer]))[0];

describe('the line to another agency', () => {
  test('I18 messages go in the order in which they were written, each with a time of its own', async () => {
    other = takes;
    letters.length = 0;
    const [one, two] = [await request('north'), await request('north')];
    const says = ['Received', 'Renew', 'ShippedReturn'] as const;
    for (const action of says)
      await inTransaction(bench.orm, (tx) =>
        queueToSupplier(tx, bench.policy, one.attempt, { action }, new Date(begin)),
      );
    expect(await send('north', begin)).toMatchObject({ state: 'working', ended: true });
    expect(letters.map(({ says: said, ref }) => [said, ref])).toEqual([
      ['request', one.ref],
      ['request', two.ref],
      ...says.map((action) => [action, one.ref]),
    ]);
    const times = letters
      .filter(({ ref }) => ref === one.ref)
      .map(({ xml }) => /<timestamp>(.*?)</u.exec(xml)?.[1]);
    expect(times).toEqual([...new Set(times)].toSorted((a = '', b = '') => a.localeCompare(b)));
    expect((await home.messages(one.ref)).map(({ state }) => state)).toEqual([
      'sent',
      'sent',
      'sent',
      'sent',
    ]);
  });

  test('I18 what does not get through holds back all that comes after it, and the line waits, longer each time', async () => {
    other = down;
    const [one, two] = [await request('north'), await request('north')];
    letters.length = 0;
    let at = begin;
    for (const failures of [1, 2, 3, 4]) {
      const standing = await send('north', at);
      expect(standing).toMatchObject({ state: 'failing', ended: false });
      const wait = (standing.wakeAt ?? 0) - standing.asOf;
      expect(wait).toBe(waitMs(failures));
      expect(await send('north', standing.asOf)).toMatchObject({ state: 'failing', wakeAt: standing.wakeAt });
      at = standing.wakeAt ?? 0;
    }
    expect(letters.map(({ ref }) => ref)).toEqual([one.ref, one.ref, one.ref, one.ref]);
    expect(await line('north')).toMatchObject({ failures: 4, last_error: 'connect ECONNREFUSED' });

    other = takes;
    expect(await send('north', at)).toMatchObject({ state: 'working', ended: true });
    expect(letters.slice(4).map(({ ref }) => ref)).toEqual([one.ref, two.ref]);
    expect(new Set(letters.filter(({ ref }) => ref === one.ref).map(({ xml }) => xml)).size).toBe(1);
    expect(await line('north')).toMatchObject({ failing_since: null, failures: 0, next_try_at: null });
  });

  test('I18 it never waits longer than an hour', () => {
    expect([1, 2, 3, 12, 13, 1000].map(waitMs)).toEqual([1000, 2000, 4000, 2_048_000, 3_600_000, 3_600_000]);
  });

  test('I18 nothing but a confirmation is one', async () => {
    const { ref } = await request('south');
    const answers: Posted[] = [
      { status: 500, body: '<html>' },
      { status: 200, body: '' },
      { status: 302, body: '' },
      { status: 401, body: 'no' },
    ];
    let at = begin;
    for (const each of answers) {
      other = () => each;
      const standing = await send('south', at);
      expect(standing.state).toBe('failing');
      at = standing.wakeAt ?? 0;
    }
    other = ({ xml }) => answer(xml.replace(ref, 'somebody else’s'));
    expect(await send('south', at)).toMatchObject({ state: 'failing' });
    other = takes;
    expect(await send('south', at + day)).toMatchObject({ ended: true });
    expect(await home.messages(ref)).toMatchObject([{ state: 'sent' }]);
  });

  test('I18 what the other side refuses is not sent again; its process hears of it, and the line goes on', async () => {
    const [one, two] = [await request('north'), await request('north')];
    other = ({ xml }) => answer(xml, xml.includes(one.ref) ? errors('supplyingAgencyId') : []);
    bench.woken.length = 0;
    expect(await send('north', begin)).toMatchObject({ state: 'working', ended: true });
    expect(await home.messages(one.ref)).toMatchObject([
      { state: 'refused', error: 'UnrecognisedDataValue: supplyingAgencyId' },
    ]);
    expect(await home.messages(two.ref)).toMatchObject([{ state: 'sent' }]);
    expect(bench.woken).toEqual([`ill:${one.id}`]);
  });

  test('I18 a worker killed between sending and recording sends the same again, byte for byte', async () => {
    const { ref } = await request('north');
    letters.length = 0;
    other = takes;
    await expect(send('north', begin, { orm: withoutCommits(bench.orm) })).rejects.toThrow('killed');
    expect(await home.messages(ref)).toMatchObject([{ state: 'queued' }]);
    expect(await send('north', begin + day)).toMatchObject({ ended: true });
    expect(letters.filter((each) => each.ref === ref).map(({ xml }) => xml)).toHaveLength(2);
    expect(new Set(letters.map(({ xml }) => xml)).size).toBe(1);
    expect(await home.messages(ref)).toMatchObject([{ state: 'sent' }]);
  });

  test('I18 staff pause it: nothing more leaves, not even the rest of what was begun', async () => {
    const [one, two] = [await request('south'), await request('south')];
    other = async ({ xml }) => {
      await bench.rows('update ill_peer set paused_at = ? where code = ?', [new Date(begin), 'south']);
      return answer(xml);
    };
    expect(await send('south', begin)).toMatchObject({ state: 'paused', ended: false });
    expect(await home.messages(one.ref)).toMatchObject([{ state: 'sent' }]);
    expect(await home.messages(two.ref)).toMatchObject([{ state: 'queued' }]);
    await bench.rows('update ill_peer set paused_at = null where code = ?', ['south']);
    other = takes;
    expect(await send('south', begin)).toMatchObject({ state: 'working', ended: true });
  });

  test('I18 after days a message is given up, and what it was about goes on; staff were told after hours', async () => {
    const { ref, id } = await request('south');
    other = down;
    await send('south', begin);
    const open = () =>
      bench.rows(`select kind from task where kind = 'peer-failing' and resolved_at is null`);
    expect(await open()).toEqual([]);
    await send('south', begin + 5 * 3_600_000);
    expect(await open()).toHaveLength(1);
    await send('south', begin + 13 * day);
    expect(await home.messages(ref)).toMatchObject([{ state: 'queued' }]);
    bench.woken.length = 0;
    expect(await send('south', begin + 15 * day)).toMatchObject({ state: 'failing' });
    expect(await home.messages(ref)).toMatchObject([{ state: 'given-up', error: 'connect ECONNREFUSED' }]);
    expect(bench.woken).toEqual([`ill:${id}`]);
    await request('south', begin + 15 * day);
    other = takes;
    expect(await send('south', begin + 16 * day)).toMatchObject({ ended: true });
    expect(await open()).toEqual([]);
  });

  test('I18 whoever queues while somebody sends rings here and not at the engine; nothing is left behind', async () => {
    const lines = createLines();
    const engine = ringingFirst(bench.deps.engine, lines);
    other = takes;
    for (let round = 0; round < 12; round += 1) {
      bench.woken.length = 0;
      const first = await request('north');
      const sending = send('north', begin, { lines });
      const later = await home.asked('north');
      await new Promise((resolve) => setTimeout(resolve, round * 25));
      const roused = await inTransaction(bench.orm, (tx) =>
        queueRequest(tx, bench.policy, later.attempt, asked, new Date(begin)),
      );
      await engine.rouse([roused]);
      expect(await sending).toMatchObject({ ended: true });
      const [{ state } = { state: '' }] = await home.messages(later.ref);
      // Either it was sent by whoever was sending, or the engine was told.
      const told = bench.woken.includes(`peer:${roused.id}`);
      expect(state === 'sent' || told).toBe(true);
      if (state !== 'sent') await send('north', begin, { lines });
      expect(await home.messages(first.ref)).toMatchObject([{ state: 'sent' }]);
    }
  });
});
