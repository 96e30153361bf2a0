import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { v7 as uuid } from 'uuid';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { attributes } from '../../workflows/attributes.ts';
import { Charge, Loan, Notice, Posting } from '../../db/entities/index.ts';
import { type Backend, startBackend, until } from '../support/carrel.ts';
import { timeSkipping } from '../support/temporal.ts';

/** Bibliotheca: four weeks, a reminder before, overdue notices and a fee. The server's clock jumps. */
let env: TestWorkflowEnvironment;
let carrel: Backend;
/** The same library, if it wrote to nobody about what is overdue. */
let lenient: Backend;
const library = 'bibliotheca';

beforeAll(async () => {
  env = await timeSkipping();
  const start = (taskQueue: string, change: (policy: LibraryPolicy) => LibraryPolicy) =>
    startBackend(
      { client: env.client, connection: env.nativeConnection, namespace: 'default', taskQueue },
      { library, change },
    );
  carrel = await start('loans', (policy) => policy);
  lenient = await start('lenient', (policy) => ({ ...policy, loans: { ...policy.loans, overdueSteps: [] } }));
});

afterAll(async () => {
  await carrel?.stop();
  await lenient?.stop();
  await env?.teardown();
});

const branch = () => carrel.policy.branches[0]?.code ?? '';
const find = (id: string, { orm } = carrel) => orm.em.fork().findOneOrFail(Loan, { id });
const notices = (id: string, { orm } = carrel) =>
  orm.em.fork().find(Notice, { subjectId: id }, { orderBy: { createdAt: 'asc' } });

async function lend({ build, commands } = carrel) {
  const title = await build.title();
  const item = await build.item(title.id, { branch: branch() });
  const reader = await build.patron({ language: 'de' });
  const loanId = uuid();
  const wish = {
    library,
    loanId,
    patronId: reader.id,
    itemId: item.id,
    branch: branch(),
    actor: 'staff:1',
  } as const;
  expect(await commands.checkOut(wish)).toMatchObject({ outcome: 'done' });
  return { loanId, item, reader, title };
}

const takeBack = (loanId: string, itemId: string) =>
  carrel.commands.checkIn(loanId, { itemId, branch: branch(), actor: 'staff:1' }, uuid());

/** The day before the loan is due, whatever day that is: the library is closed on some. */
async function untilEve(loanId: string, of = carrel) {
  const { dueAt } = await find(loanId, of);
  await env.sleep(dueAt.getTime() - 86_400_000 - (await env.currentTimeMs()));
}

describe('a loan on the engine', () => {
  test('L5 a reminder before the due date, then every overdue notice, each once; the fee is booked at the return', async () => {
    const { loanId, item, reader } = await lend();
    const { loans } = carrel.policy;
    await env.sleep('100 days');
    const expected = loans.reminderBefore.length + loans.overdueSteps.length;
    const sent = await until(
      () => notices(loanId),
      (rows) => rows.filter(({ state }) => state === 'sent').length === expected,
    );
    expect(sent.map(({ kind }) => kind)).toEqual([
      ...loans.reminderBefore.map(() => 'due-soon'),
      ...loans.overdueSteps.map(() => 'overdue'),
    ]);
    for (const notice of sent)
      expect(carrel.mailbox.messages.filter(({ messageId }) => messageId.includes(notice.id))).toHaveLength(
        1,
      );

    expect(await takeBack(loanId, item.id)).toMatchObject({ result: { instruction: { do: 'shelve' } } });
    expect(await env.client.workflow.getHandle(`loan:${loanId}`).result()).toEqual({ state: 'returned' });
    const charge = await carrel.orm.em.fork().findOneOrFail(Charge, { subjectId: loanId });
    expect(charge).toMatchObject({ patronId: reader.id, cause: 'overdue', currency: carrel.policy.currency });
    const postings = await carrel.orm.em.fork().find(Posting, { journalId: charge.journalId });
    expect(postings.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
  });

  test('L5 a book returned in time brings neither overdue notice nor fee', async () => {
    const { loanId, item } = await lend();
    await takeBack(loanId, item.id);
    await env.client.workflow.getHandle(`loan:${loanId}`).result();
    expect(await notices(loanId)).toEqual([]);
    expect(await carrel.orm.em.fork().count(Charge, { subjectId: loanId })).toBe(0);
  });

  test('L2 L3 renewed from the day of renewal, once; the reminders follow the new date', async () => {
    const { loanId, reader, item } = await lend();
    // More than the library is ever closed together: the new date is another one on any day of the year.
    await env.sleep('10 days');
    const before = await find(loanId);
    const wish = { actor: `patron:${reader.id}`, channel: 'web' } as const;
    const outcome = await carrel.commands.renew(loanId, wish, 'r1');
    const after = await find(loanId);
    expect(outcome).toEqual({ outcome: 'done', result: { dueAt: after.dueAt.getTime() } });
    expect(after.dueAt.getTime()).toBeGreaterThan(before.dueAt.getTime());
    expect(await carrel.commands.renew(loanId, wish, 'r1')).toEqual(outcome);
    expect(await find(loanId)).toMatchObject({ renewals: 1, dueAt: after.dueAt });
    await takeBack(loanId, item.id);
    expect(await carrel.commands.renew(loanId, wish, 'r2')).toMatchObject({
      refused: [{ code: 'loan-ended' }],
    });
  });

  test('L5 G1 renewed after the last reminder: there is one before the new date too, which shows at once', async () => {
    const { loanId, reader } = await lend(lenient);
    await untilEve(loanId, lenient);
    const first = await until(
      () => notices(loanId, lenient),
      (rows) => rows.some(({ state }) => state === 'sent'),
    );
    const wish = { actor: `patron:${reader.id}`, channel: 'web' } as const;
    expect(await lenient.commands.renew(loanId, wish, 'late')).toMatchObject({ outcome: 'done' });
    const { dueAt } = await find(loanId, lenient);
    const process = env.client.workflow.getHandle(`loan:${loanId}`);
    const { typedSearchAttributes } = await process.describe();
    expect(typedSearchAttributes.get(attributes.deadline)).toEqual(dueAt);

    await untilEve(loanId, lenient);
    const sent = await until(
      () => notices(loanId, lenient),
      (rows) => rows.filter(({ state }) => state === 'sent').length > first.length,
    );
    expect(sent.map(({ kind }) => kind)).toEqual(['due-soon', 'due-soon']);
  });
});
