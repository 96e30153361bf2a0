import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { v7 as uuid } from 'uuid';
import { Hold, Notice, Patron, Task } from '../../db/entities/index.ts';
import { attributes } from '../../workflows/attributes.ts';
import { wake } from '../../workflows/hold.ts';
import { type Backend, startBackend, until } from '../support/carrel.ts';
import { timeSkipping } from '../support/temporal.ts';

/** Chikushino: one week, in Japan. The server's clock jumps, so a week passes in a moment; the machine's clock stands. */
let env: TestWorkflowEnvironment;
let carrel: Backend;

beforeAll(async () => {
  env = await timeSkipping();
  carrel = await startBackend(
    { client: env.client, connection: env.nativeConnection, namespace: 'default', taskQueue: 'holds' },
    { library: 'chikushino' },
  );
});

afterAll(async () => {
  await carrel?.stop();
  await env?.teardown();
});

const find = async (id: string) => carrel.orm.em.fork().findOneOrFail(Hold, { id });

/** A book out on loan, and a reader who asks for it. */
async function holdOnLentBook(contact: 'mail' | 'phone' | 'none', place = 'library') {
  const title = await carrel.build.title();
  const item = await carrel.build.item(title.id, { branch: 'library' });
  const [borrower, reader] = [await carrel.build.patron(), await carrel.build.patron({ language: 'ja' })];
  const loanId = uuid();
  const common = { library: 'chikushino', actor: 'staff:1' } as const;
  await carrel.commands.checkOut({
    ...common,
    loanId,
    patronId: borrower.id,
    itemId: item.id,
    branch: 'library',
  });
  const hold = await placeHold(reader.id, title.id, contact, place);
  return { title, item, loanId, ...hold };
}

async function placeHold(
  patronId: string,
  titleId: string,
  contact: 'mail' | 'phone' | 'none',
  pickupPlace = 'library',
) {
  const holdId = uuid();
  const outcome = await carrel.commands.placeHold({
    library: 'chikushino',
    holdId,
    patronId,
    titleId,
    pickupPlace,
    contact,
    channel: 'web',
    actor: `patron:${patronId}`,
  });
  expect(outcome).toMatchObject({ outcome: 'done' });
  return { holdId, done: env.client.workflow.getHandle(`hold:${holdId}`) };
}

const checkIn = (loanId: string, itemId: string) =>
  carrel.commands.checkIn(loanId, { itemId, branch: 'library', actor: 'staff:1' }, uuid());

describe('a hold on the engine', () => {
  test('H6 a secured hold lapses one week after the mail was accepted, and the next reader is served at once', async () => {
    const first = await holdOnLentBook('mail');
    const next = await placeHold((await carrel.build.patron()).id, first.title.id, 'none');
    await checkIn(first.loanId, first.item.id);
    const secured = await until(
      () => find(first.holdId),
      ({ contactedAt }) => contactedAt !== null,
    );
    const [contacted, keep] = [secured.contactedAt as Date, secured.keepUntil as Date];
    const days = (keep.getTime() - contacted.getTime()) / 86_400_000;
    expect(days).toBeGreaterThan(6);
    // A week before the days around New Year, on which the library is closed.
    expect(days).toBeLessThan(18);

    expect(await first.done.result()).toEqual({ state: 'lapsed' });
    const lapsed = await find(first.holdId);
    expect(lapsed.endedAt?.getTime()).toBeGreaterThanOrEqual(keep.getTime());
    const heir = await find(next.holdId);
    expect(heir).toMatchObject({ itemId: first.item.id });
    expect(heir.securedAt).toEqual(lapsed.endedAt);
    expect(await next.done.result()).toEqual({ state: 'lapsed' });
  });

  test('H6 a phone contact begins the week when staff record the call, however late', async () => {
    const { holdId, item, loanId, done } = await holdOnLentBook('phone');
    await checkIn(loanId, item.id);
    const task = await until(
      () => carrel.orm.em.fork().findOne(Task, { subjectId: holdId }),
      (found) => found !== null,
    );
    expect(task).toMatchObject({ kind: 'phone-reader', workflowId: `hold:${holdId}`, resolvedAt: null });
    await env.sleep('20 days');
    expect(await find(holdId)).toMatchObject({ state: 'secured', keepUntil: null });

    const call = { actor: 'staff:2', outcome: 'reached' } as const;
    expect(await carrel.commands.recordContact(holdId, call, 'call')).toMatchObject({ outcome: 'done' });
    const contacted = await find(holdId);
    expect(contacted.contactedAt?.getTime()).toBeGreaterThan(
      (contacted.securedAt as Date).getTime() + 19 * 86_400_000,
    );
    expect(await carrel.commands.recordContact(holdId, call, 'call again')).toMatchObject({
      refused: [{ code: 'already-contacted' }],
    });
    expect(await done.result()).toEqual({ state: 'lapsed' });
  });

  test('H6 the reader who wants no contact has the week from the securing', async () => {
    const { holdId, item, loanId, done } = await holdOnLentBook('none');
    await checkIn(loanId, item.id);
    const secured = await find(holdId);
    expect(secured.contactedAt).toEqual(secured.securedAt);
    expect(await done.result()).toEqual({ state: 'lapsed' });
  });

  test('H6 news that comes late does not mislead a hold', async () => {
    const { item, loanId, done } = await holdOnLentBook('none');
    await checkIn(loanId, item.id);
    const shownState = async () => (await done.describe()).typedSearchAttributes.get(attributes.state);
    await until(shownState, (state) => state === 'secured');
    const asked = async () => (await done.fetchHistory()).events?.length ?? 0;
    const before = await asked();
    await done.signal(wake, { state: 'waiting', deliver: [], ended: false, asOf: 0 });
    await until(asked, (events) => events > before + 3);
    expect(await shownState()).toBe('secured');
    expect(await done.result()).toEqual({ state: 'lapsed' });
  });

  test('N2 a mail server down for a day delays the notice and the week, and loses neither', async () => {
    const { holdId, item, loanId, done } = await holdOnLentBook('mail');
    carrel.mailbox.behave(() => ({ code: 451, message: 'try again later' }));
    await checkIn(loanId, item.id);
    await env.sleep('1 day');
    expect(await find(holdId)).toMatchObject({ state: 'secured', contactedAt: null });
    carrel.mailbox.behave();
    expect(await done.result()).toEqual({ state: 'lapsed' });
    const hold = await find(holdId);
    expect((hold.contactedAt as Date).getTime()).toBeGreaterThan(
      (hold.securedAt as Date).getTime() + 86_400_000 - 300_000,
    );
    const notice = await carrel.orm.em.fork().findOneOrFail(Notice, { subjectId: holdId, kind: 'secured' });
    expect(notice).toMatchObject({ state: 'sent' });
    expect(notice.attempts).toBe(notice.failures + 1);
    expect(carrel.mailbox.messages.filter(({ messageId }) => messageId.includes(notice.id))).toHaveLength(1);
  });

  test('A11 an address refused for good is marked, and the desk phones instead', async () => {
    const { holdId, item, loanId } = await holdOnLentBook('mail');
    carrel.mailbox.behave(() => ({ code: 550, message: 'no such mailbox' }));
    await checkIn(loanId, item.id);
    const task = await until(
      () => carrel.orm.em.fork().findOne(Task, { subjectId: holdId }),
      (found) => found !== null,
    );
    carrel.mailbox.behave();
    expect(task).toMatchObject({ kind: 'phone-reader' });
    const { patronId } = await find(holdId);
    expect(await carrel.orm.em.fork().findOneOrFail(Patron, { id: patronId })).toMatchObject({
      emailState: 'failing',
    });
    expect(
      await carrel.commands.cancelHold(holdId, { actor: 'staff:1', reason: 'by-staff' }, 'end'),
    ).toMatchObject({
      outcome: 'done',
    });
  });

  test('H7 a malformed update is refused before the history, and a good one still works', async () => {
    const { holdId, done } = await holdOnLentBook('mail');
    await expect(done.executeUpdate('cancelHold', { args: [{}] })).rejects.toMatchObject({
      cause: { message: 'missing: actor, reason' },
    });
    const { patronId } = await find(holdId);
    const change = { actor: `patron:${patronId}`, contact: 'phone' } as const;
    expect(await carrel.commands.changeHold(holdId, change, 'c1')).toMatchObject({ outcome: 'done' });
    expect(await find(holdId)).toMatchObject({ contact: 'phone' });
    const cancel = { actor: `patron:${patronId}`, reason: 'by-reader' } as const;
    expect(await carrel.commands.cancelHold(holdId, cancel, 'c2')).toMatchObject({ outcome: 'done' });
    expect(await done.result()).toEqual({ state: 'cancelled' });
    expect(await carrel.commands.cancelHold(holdId, cancel, 'c2')).toMatchObject({ outcome: 'done' });
    expect(await carrel.commands.cancelHold(holdId, cancel, 'c3')).toMatchObject({
      refused: [{ code: 'hold-ended' }],
    });
  });
});
