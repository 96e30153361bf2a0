import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Answer, type Carrel, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';

let carrel: Carrel;
let library: Desks;
let desk: Console;

beforeAll(async () => {
  carrel = await startCarrel({
    change: (policy) => ({ ...policy, holds: { ...policy.holds, window: 'PT5S' } }),
  });
  library = createDesks(carrel);
  desk = await library.staff('desk');
});

afterAll(() => carrel?.stop());

type Entry = Answer['body'];

const list = async (name: string, query = ''): Promise<Entry[]> => {
  const { items } = await library.expecting(200, desk.get(`/v1/staff/lists/${name}?limit=100&${query}`));
  return items;
};

test('H10 to phone: whom, for what, by when, in the order of the deadlines', async () => {
  const { title, item } = await library.lentTitle(desk, { title: 'To be phoned about' });
  const reader = await library.build.patron({ phone: '030 12345', name: 'Wants a call' });
  await library.hold(desk, reader, title, { contact: 'phone' });
  const [early] = [Date.now()];
  const { task } = await library.takeBack(desk, item);
  const found = (await list('to-phone')).find(({ id }) => id === task.id);
  expect(found).toMatchObject({
    kind: 'phone-reader',
    text: 'Phone the reader: a title is ready to collect',
    state: 'open',
    reader: { card: reader.card, name: 'Wants a call' },
    phone: '030 12345',
    title: { title: 'To be phoned about' },
    barcode: item.barcode,
    pickupPlace: { code: 'main', name: 'Main Library' },
    branch: { code: 'main' },
    earlierCalls: 0,
    resolved: null,
  });
  expect(Date.parse(found.dueAt)).toBeGreaterThan(early);
  expect((await list('to-phone', 'branch=north')).map(({ id }) => id)).not.toContain(task.id);
  expect((await desk.get('/v1/staff/lists/to-phone', 'zh')).body.items[0].text).toMatch(/[\u4e00-\u9fff]/);
});

test('H10 to fetch: as many holds from the head of the queue as copies stand on a shelf', async () => {
  const { title } = await library.lentTitle(desk);
  const readers = [await library.build.patron(), await library.build.patron(), await library.build.patron()];
  const [blocked, second, third] = readers as [(typeof readers)[0], (typeof readers)[0], (typeof readers)[0]];
  for (const reader of readers) await library.hold(desk, reader, title);
  const ofTitle = async (query = '') =>
    (await list('to-fetch', query)).filter((each) => each.title.id === title.id);
  expect(await ofTitle()).toEqual([]);

  await library.build.block(blocked.id);
  const copy = await library.build.item(title.id, { shelfMark: '833 E', branch: 'north' });
  const [found, ...others] = await ofTitle();
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    item: { barcode: copy.barcode, shelfMark: '833 E' },
    at: { code: 'north', name: 'North Branch' },
    reader: { id: second.id },
    pickupPlace: { code: 'main' },
  });
  expect(await ofTitle('branch=main')).toEqual([]);
  expect(await ofTitle('branch=north')).toHaveLength(1);

  await library.build.item(title.id);
  expect((await ofTitle()).map(({ reader }) => reader.id)).toEqual([second.id, third.id]);

  const sent = await library.takeBack(desk, copy, 'north');
  expect(sent).toMatchObject({ do: 'send', sendTo: { code: 'main' }, hold: { reader: { id: second.id } } });
  expect((await ofTitle()).map(({ reader }) => reader.id)).toEqual([third.id]);
});

test('H10 the hold shelf, what lapsed on it, and what is to be put away', async () => {
  const { title, item } = await library.lentTitle(desk, { title: 'Left behind' });
  const reader = await library.build.patron();
  const started = new Date(Date.now() - 1000).toISOString();
  const hold = await library.hold(desk, reader, title);
  await library.takeBack(desk, item);
  const kept = (await list('hold-shelf', 'place=main')).find(({ id }) => id === hold.id);
  expect(kept).toMatchObject({ state: 'secured', item: { barcode: item.barcode }, itemAt: { code: 'main' } });
  expect(kept.keepUntil).not.toBeNull();
  expect((await list('hold-shelf', 'branch=north')).map(({ id }) => id)).not.toContain(hold.id);

  await library.holdWhen(desk, hold.id, ({ state }) => state === 'lapsed');
  expect((await list('hold-shelf')).map(({ id }) => id)).not.toContain(hold.id);
  const lapsed = (await list('lapsed', `since=${started}`)).find((each) => each.hold.id === hold.id);
  expect(lapsed).toMatchObject({
    toPutAway: true,
    hold: { endText: 'Not collected in time', reader: { id: reader.id } },
  });
  expect((await list('to-put-away', 'branch=main')).find((each) => each.item.id === item.id)).toMatchObject({
    title: { title: 'Left behind' },
    at: { code: 'main' },
    branch: { code: 'main' },
  });

  const shelved = await library.takeBack(desk, item);
  expect(shelved).toMatchObject({
    do: 'shelve',
    text: 'It is no longer kept for anyone. Put it back on the shelf.',
  });
  expect((await list('to-put-away')).map((each) => each.item.id)).not.toContain(item.id);
  expect((await list('lapsed')).find((each) => each.hold.id === hold.id).toPutAway).toBe(false);
  expect(await list('lapsed', `since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
});

test('H10 in transit and overdue', async () => {
  const title = await library.build.title();
  const item = await library.build.item(title.id, { branch: 'north' });
  const borrower = await library.build.patron({ phone: '030 777' });
  const loan = await library.lend(desk, borrower, item, 'north');
  await library.sql(`update loan set due_at = now() - interval '90 seconds' where id = ?`, [loan.id]);
  const late = (await list('overdue', 'branch=north')).find((each) => each.loan.id === loan.id);
  expect(late).toMatchObject({
    phone: '030 777',
    loan: { state: 'overdue', stateText: 'Overdue', reader: { card: borrower.card } },
    feeSoFar: { amountMinor: 50, text: '€0.50' },
  });
  expect((await list('overdue', 'branch=main')).map((each) => each.loan.id)).not.toContain(loan.id);

  const back = await library.takeBack(desk, item, 'main');
  expect(back).toMatchObject({
    do: 'send',
    sendTo: { code: 'north' },
    text: 'Send it to North Branch.',
    hold: null,
  });
  const moving = (await list('in-transit', 'branch=north')).find((each) => each.item.id === item.id);
  expect(moving).toMatchObject({ from: { code: 'main' }, to: { code: 'north' }, hold: null });
  expect(await library.takeBack(desk, item, 'north')).toMatchObject({ do: 'shelve' });
  expect((await list('in-transit')).map((each) => each.item.id)).not.toContain(item.id);
});

test('H10 long lists come in pages; whatever changes in between, nothing shows twice and nothing is left out', async () => {
  const expected: string[] = [];
  const longAgo = new Date(Date.now() - 9 * 86_400_000);
  for (let n = 0; n < 5; n += 1) {
    const { loan } = await library.lentTitle(desk);
    await library.sql('update loan set due_at = ? where id = ?', [longAgo, loan.id]);
    expected.push(loan.id);
  }
  const seen: string[] = [];
  let path: string | null = '/v1/staff/lists/overdue?limit=2';
  while (path) {
    const page: Answer = await desk.get(path);
    seen.push(...page.body.items.map((each: Entry) => each.loan.id));
    if (page.body.next) expect(page.headers.get('link')).toBe(`<${page.body.next}>; rel="next"`);
    path = page.body.next;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((id) => expected.includes(id)).toSorted()).toEqual(expected.toSorted());
  expect((await desk.get('/v1/staff/lists/overdue?cursor=nonsense')).status).toBe(422);
});

test('G2 every decision stands on one work list: who, when, why, and until when', async () => {
  const { title, item } = await library.lentTitle(desk);
  const reader = await library.build.patron();
  const hold = await library.hold(desk, reader, title, { contact: 'phone' });
  const { task } = await library.takeBack(desk, item);
  const ids = async (query: string) => {
    const { items } = await library.expecting(200, desk.get(`/v1/staff/tasks?limit=100&${query}`));
    return items.map(({ id }: Entry) => id);
  };
  expect(await ids('kind=phone-reader&branch=main')).toContain(task.id);
  expect(await ids('branch=north')).not.toContain(task.id);
  expect(await ids('state=overdue')).not.toContain(task.id);

  await library.sql(`update task set due_at = now() - interval '1 hour' where id = ?`, [task.id]);
  expect(await ids('state=overdue')).toContain(task.id);
  expect((await desk.get(`/v1/staff/tasks/${task.id}`)).body).toMatchObject({
    state: 'overdue',
    workflowId: `hold:${hold.id}`,
  });

  const outcome = { outcome: 'reached', note: 'Will come.' };
  await library.expecting(200, desk.post(`/v1/staff/tasks/${task.id}/resolution`, outcome));
  expect(await ids('state=open')).not.toContain(task.id);
  const [latest] = (await desk.get('/v1/staff/tasks?state=done')).body.items;
  expect(latest).toMatchObject({
    id: task.id,
    state: 'done',
    resolved: { by: desk.name, outcomeText: 'Reader reached', note: 'Will come.' },
  });
  expect((await desk.get(`/v1/staff/tasks/${uuid()}`)).body.code).toBe('task-unknown');
});

test('N1 staff see every message to a reader, what became of it, and why it did not go out', async () => {
  const { title, item } = await library.lentTitle(desk, { title: 'Told about' });
  const reader = await library.build.patron();
  carrel.mailbox.behave((address) =>
    address === reader.email ? { code: 451, message: 'Greylisted' } : undefined,
  );
  const hold = await library.hold(desk, reader, title, { contact: 'mail' });
  await library.takeBack(desk, item);
  const path = `/v1/staff/patrons/${reader.id}/notices`;
  const noticeOf = async (kind: string): Promise<Entry> =>
    (await desk.get(path)).body.items.find((each: Entry) => each.kind === kind);
  const waiting = await until(
    () => noticeOf('secured'),
    (notice) => notice?.failures > 0,
  );
  expect(waiting).toMatchObject({
    state: 'queued',
    stateText: 'To be sent',
    kindText: 'Ready to collect',
    subjectId: hold.id,
  });
  expect(waiting.lastError).toContain('Greylisted');

  carrel.mailbox.behave();
  const sent = await until(
    () => noticeOf('secured'),
    (notice) => notice.state === 'sent',
  );
  expect(sent).toMatchObject({ recipient: reader.email, subject: 'Ready to collect: Told about' });
  const full = await desk.get(`/v1/staff/notices/${sent.id}`);
  expect(full.body.text).toContain('Told about');

  const again = await desk.post(`/v1/staff/notices/${sent.id}/resend`);
  expect(again.status).toBe(201);
  const resent = await until(
    () => desk.get(`/v1/staff/notices/${again.body.noticeId}`),
    ({ body }) => body.state === 'sent',
  );
  expect(resent.body).toMatchObject({ kind: 'secured', recipient: reader.email });
  expect((await desk.post(`/v1/staff/notices/${uuid()}/resend`)).body.code).toBe('notice-unknown');
});
