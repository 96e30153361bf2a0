import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { v7 as uuid } from 'uuid';
import { IllAttempt, IllPeer, IllRequest, Notice } from '../../db/entities/index.ts';
import { peerIdOf } from '../../peers/ids.ts';
import { type Backend, startBackend, until } from '../support/carrel.ts';
import { createForms, withPeers } from '../support/obtaining.ts';
import { timeSkipping } from '../support/temporal.ts';

const peers = ['one', 'two'];

/** Requests on an engine whose clock jumps; the lines to the other libraries are held back, so that nobody ever answers – and none is tried in vain every hour of these weeks. */
let env: TestWorkflowEnvironment;
let carrel: Backend;

beforeAll(async () => {
  env = await timeSkipping();
  carrel = await startBackend(
    { client: env.client, connection: env.nativeConnection, namespace: 'default', taskQueue: 'requests' },
    { change: withPeers(peers, { obtaining: { review: false } }) },
  );
  const lines = peers.map((code) => ({
    id: peerIdOf('demo', code),
    library: 'demo',
    code,
    failures: 0,
    pausedAt: new Date(),
  }));
  await em().insertMany(IllPeer, lines);
});

afterAll(async () => {
  await carrel?.stop();
  await env?.teardown();
});

const em = () => carrel.orm.em.fork();
const request = (id: string) => em().findOneOrFail(IllRequest, { id });
const attempts = (requestId: string) =>
  em().find(IllAttempt, { requestId }, { orderBy: { position: 'asc' } });
const handle = (id: string) => env.client.workflow.getHandle(`ill:${id}`);

async function begin(): Promise<string> {
  const reader = await carrel.build.patron({ permissions: ['ill'] });
  const id = uuid();
  await createForms(carrel.orm).form(id, id, 1, { patronId: reader.id }, await env.currentTimeMs());
  const outcome = await carrel.commands.beginRequest({
    requestId: id,
    library: 'demo',
    patronId: reader.id,
    actor: 'system',
  });
  expect(outcome).toMatchObject({ outcome: 'done' });
  return id;
}

test('I10 a supplier that does not answer in the working days allowed is left, the next is asked; at the end the reader hears it', async () => {
  const id = await begin();
  expect((await attempts(id)).map(({ outcome }) => outcome)).toEqual(['open']);
  const [first] = await attempts(id);
  const wait = Number(first?.answerBy) - (await env.currentTimeMs());
  expect(wait).toBeGreaterThan(4 * 24 * 3_600_000);
  await env.sleep(wait + 60_000);
  await until(
    () => attempts(id),
    (rows) => rows.length === 2,
  );
  expect((await attempts(id)).map(({ outcome }) => outcome)).toEqual(['no-answer', 'open']);
  await env.sleep('14 days');
  const ended = await until(
    () => request(id),
    ({ endedAt }) => endedAt !== null,
  );
  expect(ended).toMatchObject({ state: 'unfilled', reason: 'all-unfilled' });
  expect(await handle(id).result()).toEqual({ state: 'unfilled' });
  const told = await until(
    () => em().find(Notice, { subjectId: id, kind: 'ill-unfilled' }),
    ([notice]) => notice?.state === 'sent' || notice?.state === 'shown',
  );
  expect(told).toHaveLength(1);
  const { history } = await handle(id)
    .describe()
    .then(async () => ({ history: await handle(id).fetchHistory() }));
  expect(history.events?.length).toBeLessThanOrEqual(60);
});

test('I12 late after a week, on the work list; cancelled by its reader meanwhile, it ends although nobody answers', async () => {
  const id = await begin();
  await env.sleep('8 days');
  await until(
    () =>
      carrel.orm.em
        .fork()
        .execute(`select kind from task where subject_id = ? and resolved_at is null`, [id]),
    (rows: object[]) => rows.length === 1,
  );
  const { patronId } = await request(id);
  const key = uuid();
  const cancel = () => carrel.commands.actOnRequest(id, { act: 'cancel', actor: `patron:${patronId}` }, key);
  expect(await cancel()).toMatchObject({ outcome: 'done' });
  expect(await cancel()).toMatchObject({ outcome: 'done' });
  await env.sleep('7 days');
  await until(
    () => request(id),
    ({ state }) => state === 'cancelled',
  );
  expect(await handle(id).result()).toEqual({ state: 'cancelled' });
  const again = await carrel.commands.actOnRequest(id, { act: 'cancel', actor: 'system' }, uuid());
  expect(again).toMatchObject({ outcome: 'refused', refused: [{ code: 'request-ended' }] });
});
