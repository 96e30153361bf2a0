import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { v7 as uuid } from 'uuid';
import { createProcesses } from '../../api/processes.ts';
import { createStories } from '../../api/routes/staff/stories.ts';
import { createWords } from '../../api/words.ts';
import { languages } from '../../domain/languages.ts';
import { type Answer, type Carrel, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';

let carrel: Carrel;
let library: Desks;
let desk: Console;
let operator: Console;

beforeAll(async () => {
  carrel = await startCarrel();
  library = createDesks(carrel);
  desk = await library.staff('desk');
  operator = await library.staff('operator');
});

afterAll(() => carrel?.stop());

type Entry = Answer['body'];

const storyOf = (workflowId: string, language = 'en') =>
  operator.get(`/v1/staff/processes/${encodeURIComponent(workflowId)}`, language);

const search = async (query: string): Promise<string[]> => {
  const { items } = await library.expecting(200, operator.get(`/v1/staff/processes?limit=100&${query}`));
  return items.map(({ workflowId }: Entry) => workflowId);
};

/** A hold that was phoned about, to no avail and then with success. */
async function phonedHold() {
  const { title, item } = await library.lentTitle(desk, { title: 'A long story' });
  const reader = await library.build.patron({ name: 'Reader of stories' });
  const hold = await library.hold(desk, reader, title, { contact: 'phone' });
  const { task } = await library.takeBack(desk, item);
  const note = { outcome: 'not-reached', note: 'Nobody at home.' };
  await library.expecting(200, desk.post(`/v1/staff/tasks/${task.id}/resolution`, note));
  return { hold, reader, item };
}

test('G1 an operator finds open processes by reader, kind, state and deadline, of the own library only', async () => {
  const { loan, borrower } = await library.lentTitle(desk);
  const { hold, reader } = await phonedHold();
  const loanId = `loan:${loan.id}`;
  await until(
    () => search(`patron=${borrower.id}`),
    (found) => found.length > 0,
  );
  expect(await search(`patron=${borrower.id}`)).toEqual([loanId]);
  expect(await search(`patron=${borrower.id}&process=hold`)).toEqual([]);
  const soon = new Date(Date.parse(loan.dueAt) + 60_000).toISOString();
  expect(await search(`process=loan&state=on-loan&deadlineBefore=${soon}`)).toContain(loanId);
  expect(await search(`patron=${borrower.id}&deadlineBefore=${new Date().toISOString()}`)).toEqual([]);
  await until(
    () => search(`patron=${reader.id}&state=secured`),
    (found) => found.includes(`hold:${hold.id}`),
  );

  const [first] = (await operator.get(`/v1/staff/processes?patron=${borrower.id}`)).body.items;
  expect(first).toMatchObject({
    process: 'loan',
    state: 'on-loan',
    story: `/v1/staff/processes/loan%3A${loan.id}`,
    url: `http://engine.example/namespaces/default/workflows/loan%3A${loan.id}`,
  });
  expect(Math.abs(Date.parse(first.deadline) - Date.parse(loan.dueAt))).toBeLessThan(10_000);
  const elsewhere = await createDesks(carrel, 'chikushino').staff('operator');
  expect((await elsewhere.get(`/v1/staff/processes?patron=${borrower.id}`)).body.items).toEqual([]);
  expect((await elsewhere.get(first.story)).status).toBe(404);
  expect((await operator.get(`/v1/staff/processes?state=x' or 1=1`)).status).toBe(422);
});

test('G1 what was found comes in pages', async () => {
  const borrower = await library.build.patron();
  const expected: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const item = await library.build.item((await library.build.title()).id);
    expected.push(`loan:${(await library.lend(desk, borrower, item)).id}`);
  }
  await until(
    () => search(`patron=${borrower.id}`),
    (found) => found.length === 3,
  );
  const seen: string[] = [];
  let path: string | null = `/v1/staff/processes?limit=2&patron=${borrower.id}`;
  while (path) {
    const { body }: Answer = await operator.get(path);
    seen.push(...body.items.map(({ workflowId }: Entry) => workflowId));
    path = body.next;
  }
  expect(seen.toSorted()).toEqual(expected.toSorted());
});

test('G1 the story of a process: what happened, in order, by whom and why, and where it stands', async () => {
  const { hold, reader } = await phonedHold();
  const administrator = await library.staff('administrator');
  const { status, body } = await administrator.get(`/v1/staff/processes/hold:${hold.id}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    process: 'hold',
    state: 'secured',
    stateText: 'Ready to collect',
    title: 'A long story',
    reader: { card: reader.card, name: 'Reader of stories' },
    engine: {
      answers: true,
      text: 'The process is running.',
      present: { status: 'running', state: 'secured', pending: [] },
      url: `http://engine.example/namespaces/default/workflows/hold%3A${hold.id}`,
    },
  });
  const texts = body.timeline.map(({ text }: Entry) => text);
  expect(texts[0]).toBe('Hold placed at the desk');
  expect(texts).toContain('A copy is ready on the hold shelf; contact: Telephone');
  expect(texts).toContain('Message “Ready to collect”: Shown in the account');
  expect(texts).toContain('Task done: Phone the reader: a title is ready to collect. Reader not reached');
  const call = body.timeline.find(({ kind }: Entry) => kind === 'call-not-reached');
  expect(call).toMatchObject({
    text: 'Reader not reached by telephone',
    actor: { kind: 'staff', name: desk.name },
    remark: 'Nobody at home.',
  });
  const instants = body.timeline.map(({ at }: Entry) => at);
  expect(instants).toEqual(instants.toSorted());
});

test('A13 an operator sees of the reader the id only, and not what colleagues wrote', async () => {
  const { hold, reader } = await phonedHold();
  const { status, body } = await storyOf(`hold:${hold.id}`);
  expect(status).toBe(200);
  expect(body.reader).toEqual({ id: reader.id, card: null, name: null });
  const told = JSON.stringify(body);
  for (const personal of [reader.name, reader.card, reader.email, reader.phone, 'Nobody at home.'])
    expect(told).not.toContain(personal);
});

test('G3 the story is told in every language, and the deadline is the one the engine waits for', async () => {
  const { loan, item } = await library.lentTitle(desk);
  for (const language of languages) {
    const { body } = await storyOf(`loan:${loan.id}`, language);
    expect(body.timeline[0].text).not.toContain('{{');
    expect(body.engine.text.length).toBeGreaterThan(4);
  }
  expect((await storyOf(`loan:${loan.id}`, 'de')).body.timeline[0].text).toMatch(/^Ausgeliehen; fällig am /);
  const { engine } = (await storyOf(`loan:${loan.id}`)).body;
  const reminder = Date.parse(loan.dueAt) - 60_000;
  expect(Math.abs(Date.parse(engine.present.nextTimerAt) - reminder)).toBeLessThan(2_000);
  expect(Math.abs(Date.parse(engine.present.deadline) - Date.parse(loan.dueAt))).toBeLessThan(10_000);

  await library.takeBack(desk, item);
  await carrel.client.workflow.getHandle(`loan:${loan.id}`).result();
  const after = (await storyOf(`loan:${loan.id}`)).body;
  expect(after).toMatchObject({
    state: 'returned',
    deadline: null,
    engine: { text: 'The process has ended.', present: { status: 'completed', nextTimerAt: null } },
  });
});

test('G1 a mail that does not go out shows as what the process is trying, and why', async () => {
  const { title, item } = await library.lentTitle(desk);
  const reader = await library.build.patron();
  carrel.mailbox.behave((address) =>
    address === reader.email ? { code: 451, message: 'Later' } : undefined,
  );
  const hold = await library.hold(desk, reader, title, { contact: 'mail' });
  await library.takeBack(desk, item);
  const queuedIn = ({ timeline }: Entry) =>
    timeline.find(({ source, kind }: Entry) => source === 'notice' && kind === 'secured');
  const { body } = await until(
    () => storyOf(`hold:${hold.id}`),
    ({ body: story }) => story.engine.present.pending[0]?.lastFailure && queuedIn(story)?.detail.lastError,
  );
  expect(body.engine.present.pending[0]).toMatchObject({
    activity: 'deliverNotice',
    lastFailure: 'The mail server did not take the notice.',
  });
  expect(queuedIn(body).detail).toMatchObject({
    channel: 'mail',
    lastError: expect.stringContaining('Later'),
  });
  carrel.mailbox.behave();
});

test('G1 commands are processes too: found by library and reader, with their state', async () => {
  const reader = await library.build.patron();
  const blocked = await desk.post(`/v1/staff/patrons/${reader.id}/blocks`, { reason: 'fees' });
  const workflowId = `command:blockPatron:${blocked.body.id}`;
  const { body } = await storyOf(workflowId);
  expect(body).toMatchObject({
    process: 'command',
    state: 'blockPatron',
    engine: { present: { status: 'completed' } },
  });
  const described = await carrel.client.workflow.getHandle(workflowId).describe();
  expect(described.searchAttributes).toMatchObject({ CarrelLibrary: ['demo'], CarrelPatron: [reader.id] });
  for (const unknown of [`hold:${uuid()}`, `command:blockPatron:${uuid()}`, 'sweep', 'hold:nonsense'])
    expect((await storyOf(unknown)).status).toBe(404);
});

test('G1 the story is there when the engine does not answer, and when it no longer knows the process', async () => {
  const { hold } = await phonedHold();
  const words = createWords(carrel)('demo', 'en');
  const nowhere = new Client({
    connection: Connection.lazy({ address: '127.0.0.1:1', connectTimeout: '300ms' }),
  });
  const silent = createProcesses({ client: nowhere, taskQueue: 'none', answerWithin: 500 });
  const told = await createStories({ orm: carrel.orm, processes: silent })(
    'demo',
    `hold:${hold.id}`,
    words,
    Date.now(),
  );
  expect(told?.engine).toMatchObject({ answers: false, present: null, url: null });
  expect(told?.engine.text).toContain('does not answer');
  expect(told?.timeline.length).toBeGreaterThan(3);
  await nowhere.connection.close();

  const workflowId = `hold:${hold.id}`;
  await carrel.client.workflow.getHandle(workflowId).terminate();
  expect((await storyOf(workflowId)).body.engine.text).toContain('stopped before its end');

  const before = uuid();
  await library.sql(
    `insert into hold (id, library, patron_id, title_id, kind, state, pickup_place, contact, channel, placed_by, placed_at, ended_at, end_reason)
     select ?, library, patron_id, title_id, kind, 'cancelled', pickup_place, contact, channel, placed_by, placed_at, now(), 'by-reader' from hold where id = ?`,
    [before, hold.id],
  );
  const forgotten = (await storyOf(`hold:${before}`)).body;
  expect(forgotten).toMatchObject({
    state: 'cancelled',
    title: 'A long story',
    engine: { answers: true, present: null, text: expect.stringContaining('no longer keeps') },
  });
});
