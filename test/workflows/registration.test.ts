import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { ApplicationForm, Notice, Patron } from '../../db/entities/index.ts';
import { isApplicationSecret } from '../../domain/application-link.ts';
import { civilDay, openingOn } from '../../domain/calendar.ts';
import { createEngine } from '../../engine/processes.ts';
import { createApplications } from '../support/applications.ts';
import { type Backend, startBackend, until } from '../support/carrel.ts';
import { timeSkipping } from '../support/temporal.ts';

/** Every library's own reviews, on an engine whose clock jumps: days pass in a moment. */
let env: TestWorkflowEnvironment;
let carrel: Backend;

beforeAll(async () => {
  env = await timeSkipping();
  carrel = await startBackend(
    {
      client: env.client,
      connection: env.nativeConnection,
      namespace: 'default',
      taskQueue: 'registrations',
    },
    { library: 'zju' },
  );
});

afterAll(async () => {
  await carrel?.stop();
  await env?.teardown();
});

const em = () => carrel.orm.em.fork();
const find = (library: string, id: string) => createApplications(carrel.orm, library).find(id);
const notices = (subjectId: string, kind: string) =>
  em().find(Notice, { subjectId, kind }, { orderBy: { createdAt: 'asc' } });
const handle = (id: string) => env.client.workflow.getHandle(`registration:${id}`);

/** A submitted form whose address is confirmed, where the procedure wants that. */
async function apply(library: string, procedure: string, given: Partial<ApplicationForm> = {}) {
  const form = await createApplications(carrel.orm, library).form({
    procedure,
    login: `r${uuid().slice(-10)}`,
    phone: '0571-1234567',
    ...given,
  });
  const { applicationId } = form;
  const outcome = await carrel.commands.submitApplication({ applicationId, library });
  expect(outcome).toMatchObject({ outcome: 'done' });
  return form;
}

const confirm = (applicationId: string) =>
  carrel.commands.confirmApplication(applicationId, { version: 1 }, uuid());
const decide = (
  applicationId: string,
  decision: 'approve' | 'reject-for-good',
  actor: `staff:${string}`,
  more = {},
) =>
  carrel.commands.decideApplication(
    applicationId,
    { decision, actor, seen: { state: 'reviewing', version: 1 }, ...more },
    uuid(),
  );

const reviewOf = (library: string, procedure: string) =>
  carrel.policies.get(library).registration.procedures.find(({ code }) => code === procedure)?.review;

/** Told by the calendar itself, without the rules under test. */
function workingDays(library: string, procedure: string, from: Date, to: Date): string[] {
  const policy = carrel.policies.get(library);
  const review = reviewOf(library, procedure);
  const instant = (at: Date) => Temporal.Instant.fromEpochMilliseconds(at.getTime());
  const days: string[] = [];
  const last = civilDay(policy, instant(to));
  for (
    let day = civilDay(policy, instant(from));
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    const name = day.toLocaleString('en', { weekday: 'long' }).toLowerCase();
    const office = review?.weekdays?.some((each) => each === name) ?? true;
    if (office && openingOn(policy, [], policy.branches[0]?.code ?? '', day)) days.push(day.toString());
  }
  return days;
}

describe('a registration on the engine', () => {
  test('A2 the mails really arrive: the link confirms, the approval names the card', async () => {
    const { applicationId, email, login } = await apply('zju', 'external');
    const letter = await until(
      async () => carrel.mailbox.messages.find(({ to }) => to.includes(email)),
      (mail) => mail !== undefined,
    );
    const text = letter?.text ?? '';
    const [, secret = ''] = /confirmations\/1#([\w-]+)/.exec(text) ?? [];
    const key = 'a secret of more than thirty-two characters';
    expect(isApplicationSecret(key, { to: 'confirm', applicationId, version: 1 }, secret)).toBe(true);
    expect(isApplicationSecret(key, { to: 'access', applicationId }, secret)).toBe(false);
    await confirm(applicationId);
    await decide(applicationId, 'approve', 'staff:1');
    expect(await handle(applicationId).result()).toEqual({ state: 'approved' });
    expect(await em().count(Patron, { card: login ?? '' })).toBe(1);
    const mails = carrel.mailbox.messages.filter(({ to }) => to.includes(email));
    expect(mails).toHaveLength(2);
    expect(mails[1]?.text).toContain(login);
  });

  test('A5 two librarians at the same moment: one decides, the other is told who did', async () => {
    const { applicationId } = await apply('zju', 'external');
    await confirm(applicationId);
    const { id: remarkId } = await createApplications(carrel.orm, 'zju').remark('No');
    const outcomes = await Promise.all([
      decide(applicationId, 'approve', 'staff:one'),
      decide(applicationId, 'reject-for-good', 'staff:two', { remarkId }),
    ]);
    const row = await find('zju', applicationId);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused']);
    const told = outcomes.flatMap((outcome) => (outcome.outcome === 'refused' ? outcome.refused : []));
    // Where the winner's decision has ended the process already, the engine has nobody left to ask, and the row tells.
    expect(told.map(({ by }) => by ?? row?.decidedBy)).toEqual([row?.decidedBy]);
  });

  test('A2 a link that nobody uses: the application lapses and what was submitted is deleted', async () => {
    const { applicationId, email } = await apply('zju', 'external');
    expect(await handle(applicationId).result()).toEqual({ state: 'lapsed' });
    expect(await em().count(ApplicationForm, { applicationId })).toBe(0);
    expect(await em().count(Notice, { $or: [{ address: email }, { recipient: email }] })).toBe(0);
    const row = await find('zju', applicationId);
    expect(row?.erasedAt?.getTime()).toBeGreaterThan((row?.submittedAt.getTime() ?? 0) + 6 * 86_400_000);
  });

  test('A5 in each library the supervisor is mailed from the deadline on, once on every working day and on no other', async () => {
    const reviews = [
      ['zju', 'external'],
      ['ccc-member', 'self'],
      ['chikushino', 'web'],
      ['bibliotheca', 'web'],
      ['demo', 'web'],
    ] as const;
    const submitted = new Map<string, string>();
    for (const [library, procedure] of reviews) {
      const { applicationId } = await apply(library, procedure);
      await confirm(applicationId);
      submitted.set(applicationId, `${library}/${procedure}`);
    }
    const overdue = (applicationId: string) => notices(applicationId, 'application-overdue');
    const fewest = async () => {
      const all = await Promise.all([...submitted.keys()].map(overdue));
      return Math.min(...all.map(({ length }) => length));
    };
    // Two weeks are enough, but not everywhere over New Year or a spring festival.
    for (let weeks = 0; weeks < 8 && (weeks < 2 || (await fewest()) < 4); weeks += 1)
      await env.sleep('7 days');
    for (const [applicationId, place] of submitted) {
      const [library = '', procedure = ''] = place.split('/');
      const row = await find(library, applicationId);
      const dueAt = row?.reviewDueAt ?? new Date(0);
      const mails = await until(
        () => overdue(applicationId),
        (found) => found.length > 3 && found.every(({ state }) => state === 'sent'),
      );
      const told = mails.map(({ cause }) => cause.replace('overdue:', ''));
      const last = mails.at(-1)?.createdAt ?? dueAt;
      expect([place, told]).toEqual([place, workingDays(library, procedure, dueAt, last)]);
      expect(mails[0]?.createdAt.getTime()).toBeGreaterThanOrEqual(dueAt.getTime());
      const supervisor = reviewOf(library, procedure)?.supervisor ?? '';
      const arrived = carrel.mailbox.messages.filter(
        ({ to, text }) => to.includes(supervisor) && text.includes(applicationId),
      );
      expect([place, arrived.length]).toEqual([place, told.length]);
      await decide(applicationId, 'approve', 'staff:1');
      expect(await handle(applicationId).result()).toEqual({ state: 'approved' });
    }
  });

  test('A5 a registration whose workflow was lost goes on from its row', async () => {
    const { applicationId } = await apply('zju', 'external');
    await confirm(applicationId);
    await handle(applicationId).terminate('lost');
    const engine = createEngine(env.client, 'registrations');
    const known = { id: applicationId, library: 'zju', patronId: null, state: 'reviewing' };
    await engine.restart({ process: 'registration', ...known });
    expect(await decide(applicationId, 'approve', 'staff:1')).toMatchObject({ outcome: 'done' });
    expect(await handle(applicationId).result()).toEqual({ state: 'approved' });
    expect(await em().count(Notice, { subjectId: applicationId, kind: 'application-confirm' })).toBe(1);
  });
});
