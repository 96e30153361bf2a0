import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { Loan } from '../../db/entities/index.ts';
import { renewedDueAt } from '../../domain/loans.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { codesOf, createReaders, type Reader } from '../support/readers.ts';

/** Chikushino: two weeks, renewed once, not audiovisual. */
let carrel: Carrel;
let library: ReturnType<typeof createReaders>;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'chikushino' });
  library = createReaders(carrel);
});

afterAll(() => carrel?.stop());

const day = 86_400_000;

/** A loan of `reader`, due in a week. */
async function borrowed(reader: Reader, given: Parameters<typeof library.build.title>[0] = {}) {
  const title = await library.build.title(given);
  const item = await library.build.item(title.id, { branch: library.branch });
  const loanId = await library.lend(reader.id, item.id);
  await move(loanId, { dueAt: new Date(Date.now() + 7 * day) });
  return { title, item, loanId };
}

const move = (id: string, change: Partial<Loan>) => carrel.orm.em.fork().nativeUpdate(Loan, { id }, change);
const listed = async (reader: Reader) => (await reader.get('/v1/me/loans')).body.items;
const renew = (reader: Reader, loanId: string, key?: string) =>
  reader.post(`/v1/loans/${loanId}/renewals`, undefined, key);

test('L2 the list says of every loan whether it can be renewed and, if not, every reason – those of the renewal itself', async () => {
  const reader = await library.reader();
  const good = await borrowed(reader, { title: 'Botchan' });
  const video = await borrowed(reader, { kind: 'audiovisual' });
  const late = await borrowed(reader);
  await move(late.loanId, { dueAt: new Date(Date.now() - day), renewals: 1 });
  const wanted = await borrowed(reader);
  await (await library.reader()).hold(wanted.title.id);

  const loans = await listed(reader);
  expect(loans.map((loan: { id: string }) => loan.id)).toEqual(
    [late, good, video, wanted].map(({ loanId }) => loanId),
  );
  const reasons = Object.fromEntries(
    loans.map((loan: { id: string; reasons: { code: string }[] }) => [loan.id, codesOf(loan.reasons)]),
  );
  expect(reasons).toEqual({
    [good.loanId]: [],
    [video.loanId]: ['renewal-kind'],
    [late.loanId]: ['renewal-limit', 'renewal-overdue'],
    [wanted.loanId]: ['renewal-title-held'],
  });
  expect(loans[0]).toMatchObject({ state: 'overdue', overdue: true, renewable: false, renewals: 1 });
  expect(loans[1]).toMatchObject({
    title: { title: 'Botchan' },
    renewable: true,
    overdue: false,
    branch: { name: 'Library' },
  });
  expect(loans[3].reasons[0].detail).toContain('Another reader');

  for (const { loanId } of [video, late, wanted]) {
    const refused = await renew(reader, loanId);
    expect({ status: refused.status, codes: codesOf(refused.body.reasons) }).toEqual({
      status: 409,
      codes: reasons[loanId],
    });
  }
});

test('L2 L3 renewed once, for two weeks from the day of renewal', async () => {
  const reader = await library.reader({ language: 'ja' });
  const { loanId } = await borrowed(reader);
  const before = Temporal.Now.instant();
  const renewed = await renew(reader, loanId, 'again');
  expect(renewed.status).toBe(201);
  const due = renewedDueAt({
    policy: carrel.policy,
    closures: [],
    branch: library.branch,
    kind: 'book',
    from: before,
  });
  expect(Date.parse(renewed.body.dueAt)).toBe(due.epochMilliseconds);
  expect(renewed.body.dueOn).toBe(due.toZonedDateTimeISO('Asia/Tokyo').toPlainDate().toString());

  expect((await renew(reader, loanId, 'again')).body).toEqual(renewed.body);
  expect(codesOf((await renew(reader, loanId)).body.reasons)).toContain('renewal-limit');
  const { body } = await reader.get(`/v1/loans/${loanId}`);
  expect(body).toMatchObject({
    dueAt: renewed.body.dueAt,
    dueOn: renewed.body.dueOn,
    renewals: 1,
    stateText: '貸出中',
  });
  expect(codesOf(body.reasons)).toEqual(['renewal-limit', 'renewal-same-date']);
});

test('L2 two renewals of one loan at the same instant: one is done', async () => {
  const reader = await library.reader();
  for (let round = 0; round < 5; round += 1) {
    const { loanId } = await borrowed(reader);
    const answers = await Promise.all([renew(reader, loanId), renew(reader, loanId)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  }
});

test('L2 several at once, each for itself', async () => {
  const reader = await library.reader();
  const [first, video] = [await borrowed(reader), await borrowed(reader, { kind: 'audiovisual' })];
  const theirs = await borrowed(await library.reader());
  const wish = { loans: [first.loanId, video.loanId, theirs.loanId] };
  const { body } = await reader.post('/v1/renewals', wish, 'several');
  expect(body.lines).toMatchObject([
    { loanId: first.loanId, outcome: 'done', reasons: [], dueOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    { outcome: 'refused', reasons: [{ code: 'renewal-kind' }], dueAt: null },
    { outcome: 'refused', reasons: [{ code: 'loan-unknown' }] },
  ]);
  expect((await reader.post('/v1/renewals', wish, 'several')).body).toEqual(body);
});

test('F4 H11 an unpaid usage fee, a block or an expired card stands in the way of holds and renewals, and of nothing else', async () => {
  const reader = await library.reader({ paidUntil: '2020-01-31', expiresOn: '2020-03-31' });
  const { title } = await library.lentTitle();
  const owner = await library.build.patron();
  const token = await library.build.sign('patron', owner.id);
  const item = await library.build.item((await library.build.title()).id, { branch: library.branch });
  const loanId = await library.lend(owner.id, item.id);
  await carrel.orm.em.fork().execute(`update patron set paid_until = '2020-01-31' where id = ?`, [owner.id]);
  await library.build.block(owner.id);

  expect(codesOf((await reader.hold(title.id)).body.reasons)).toEqual(['patron-expired', 'fee-unpaid']);
  const loans = await carrel.call(token, 'GET', '/v1/me/loans');
  expect(codesOf(loans.body.items[0].reasons).slice(0, 2)).toEqual(['patron-blocked', 'fee-unpaid']);
  const refused = await carrel.call(token, 'POST', `/v1/loans/${loanId}/renewals`, undefined, {
    'idempotency-key': uuid(),
  });
  expect(codesOf(refused.body.reasons)).toEqual(codesOf(loans.body.items[0].reasons));
  expect(refused.body.detail).toContain('blocked');
});

test('L2 a day that staff have closed counts in the list as it does in the renewal', async () => {
  const reader = await library.reader();
  const { loanId } = await borrowed(reader);
  const request = { policy: carrel.policy, closures: [], branch: library.branch, kind: 'book' } as const;
  const due = renewedDueAt({ ...request, from: Temporal.Now.instant() });
  await move(loanId, { dueAt: new Date(due.epochMilliseconds) });
  expect(await listed(reader)).toMatchObject([{ reasons: [{ code: 'renewal-same-date' }] }]);

  const closed = due.toZonedDateTimeISO('Asia/Tokyo').toPlainDate().toString();
  await carrel.orm.em.fork().execute(
    `insert into closure (id, library, place, day, reason, created_by, created_at)
     values (?, 'chikushino', null, ?, 'works', 'system', now())`,
    [uuid(), closed],
  );
  expect(await listed(reader)).toMatchObject([{ renewable: true, dueOn: closed, reasons: [] }]);
  expect((await renew(reader, loanId)).body.dueOn > closed).toBe(true);
});

test('L2 the due day is the day at the library', async () => {
  const reader = await library.reader();
  const { loanId } = await borrowed(reader);
  await move(loanId, { dueAt: new Date('2090-01-10T20:00:00Z') });
  expect(await listed(reader)).toMatchObject([{ dueAt: '2090-01-10T20:00:00.000Z', dueOn: '2090-01-11' }]);
});

test('L1 earlier loans come in pages, the latest first', async () => {
  const reader = await library.reader();
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { item, loanId } = await borrowed(reader);
    await library.giveBack(loanId, item.id);
    ids.push(loanId);
  }
  const first = (await reader.get('/v1/me/loans/history?limit=2')).body;
  expect(first.items.map((loan: { id: string }) => loan.id)).toEqual([ids[2], ids[1]]);
  expect(first.items[0]).toMatchObject({ state: 'returned', stateText: 'Returned' });
  expect((await reader.get(first.next)).body).toMatchObject({ items: [{ id: ids[0] }], next: null });
  expect(await listed(reader)).toEqual([]);
  expect((await reader.get(`/v1/loans/${ids[0]}`)).body).toMatchObject({
    renewable: false,
    reasons: [{ code: 'loan-ended' }],
  });
  expect((await renew(reader, ids[0] as string)).body.code).toBe('loan-ended');
});
