import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import type { DecideApplication } from '../../activities/registration/registration-steps.ts';
import {
  Application,
  Credential,
  Event,
  Notice,
  Patron,
  PatronChange,
  Remark,
  Task,
} from '../../db/entities/index.ts';
import type { ReviewDecision, Seen } from '../../domain/registration.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Applications, createApplications } from '../support/applications.ts';

/** Reviews at the member library: a Friday noon in Beijing; its office works Monday to Friday, though the library is open every day. */
const noon = Date.parse('2026-11-27T12:00:00+08:00');
const hour = 3_600_000;
const day = 24 * hour;
const library = 'ccc-member';
let bench: ActivityBench;
let applications: Applications;

beforeAll(async () => {
  bench = await startActivities({ library });
  applications = createApplications(bench.orm, library);
});

afterAll(() => bench?.stop());

const em = () => bench.orm.em.fork();
const beijing = (text: string) => Date.parse(`${text}:00+08:00`);

async function reviewed(given = {}) {
  const form = await applications.form({
    procedure: 'self',
    login: `r${uuid().slice(-8)}`,
    phone: '13900000000',
    ...given,
  });
  const { applicationId } = form;
  await bench.activities.submitApplication({ applicationId, library, now: noon });
  await bench.activities.confirmApplication({ applicationId, version: 1, operation: uuid(), now: noon });
  return form;
}

const seenNow: Seen = { state: 'reviewing', version: 1 };

function decide(applicationId: string, decision: ReviewDecision, more: Partial<DecideApplication> = {}) {
  return bench.activities.decideApplication({
    applicationId,
    decision,
    actor: 'staff:one',
    seen: seenNow,
    operation: uuid(),
    now: noon + hour,
    ...more,
  });
}

const resubmit = (applicationId: string, version: number, now = noon + 2 * hour) =>
  bench.activities.resubmitApplication({ applicationId, version, operation: uuid(), now });
const look = (applicationId: string, now: number) =>
  bench.activities.lookAtApplication({ applicationId, now });
const stateOf = async (applicationId: string) => (await applications.find(applicationId))?.state;
const notices = async (subjectId: string, kind?: string) =>
  em().find(
    Notice,
    { subjectId, ...(kind !== undefined && { kind }) },
    { orderBy: { createdAt: 'asc', id: 'asc' } },
  );
const deliver = (applicationId: string) =>
  bench.rows(
    `update notice set state = 'sent', settled_at = now(), recipient = address where subject_id = ? and state = 'queued'`,
    [applicationId],
  );
const eventsOf = async (subjectId: string) =>
  (await em().find(Event, { subjectId }, { orderBy: { at: 'asc', id: 'asc' } })).map(({ kind }) => kind);

describe('approving', () => {
  test('A5 A6 opens the account with the form’s password, on the terms the librarian sets', async () => {
    const { applicationId, email, login } = await reviewed({ name: '王芳' });
    const terms = { expiresOn: '2027-06-30', overdraftLimitMinor: 5_000, depositMinor: 10_000 };
    expect(await decide(applicationId, 'approve', { terms })).toMatchObject({
      standing: { state: 'approved', ended: true, deliver: [expect.any(String)] },
    });
    const patronId = (await applications.find(applicationId))?.patronId ?? '';
    expect(await em().findOneOrFail(Patron, { id: patronId })).toMatchObject({
      card: login,
      login,
      name: '王芳',
      email,
      emailState: 'confirmed',
      permissions: ['ill'],
      expiresOn: '2027-06-30',
      overdraftLimit: 5_000n,
      deposit: 10_000n,
      userGroup: 'reader',
    });
    expect(await em().count(Credential, { patronId })).toBe(1);
    expect((await applications.forms(applicationId)).map(({ passwordHash }) => passwordHash)).toEqual([null]);
    expect(await em().findOneOrFail(Task, { subjectId: applicationId })).toMatchObject({
      outcome: 'approve',
      resolvedBy: 'staff:one',
    });
    expect(await notices(applicationId, 'application-approved')).toMatchObject([
      { patronId, channel: 'mail' },
    ]);
    expect(await eventsOf(patronId)).toEqual(['registered']);
  });

  test('A6 what an approval sets is in the list of changes, with what stood there before, and the event names it', async () => {
    const { applicationId } = await reviewed();
    const terms = { expiresOn: '2027-06-30', overdraftLimitMinor: 5_000, depositMinor: 10_000 };
    await decide(applicationId, 'approve', { terms });
    const patronId = (await applications.find(applicationId))?.patronId ?? '';
    const change = await em().findOneOrFail(PatronChange, { patronId });
    expect(change).toMatchObject({
      actor: 'staff:one',
      fields: ['expiresOn', 'overdraftLimit', 'deposit', 'permissions'],
      before: { expiresOn: null, overdraftLimit: null, deposit: 0, permissions: [] },
      wanted: { expiresOn: '2027-06-30', overdraftLimit: 5_000, deposit: 10_000, permissions: ['ill'] },
      appliedAt: new Date(noon + hour),
    });
    const registered = await em().findOneOrFail(Event, { subjectId: patronId, kind: 'registered' });
    expect(registered.detail).toEqual({ applicationId, changeId: change.id });
  });

  test('A6 what a merge sets on a card there is is listed likewise; what the card had already is no change', async () => {
    const { applicationId } = await reviewed();
    const patron = await bench.build.patron({
      userGroup: 'reader',
      permissions: ['ill'],
      deposit: 300n,
      phone: '1',
      expiresOn: '2026-12-31',
    });
    await decide(applicationId, 'merge', {
      patronId: patron.id,
      terms: { depositMinor: 900, expiresOn: '2026-12-31' },
    });
    expect(await em().find(PatronChange, { patronId: patron.id })).toMatchObject([
      { fields: ['deposit'], before: { deposit: 300 }, wanted: { deposit: 900 } },
    ]);
  });

  test('A6 without terms of the librarian’s the account has what the policy grants', async () => {
    const { applicationId } = await reviewed();
    await decide(applicationId, 'approve');
    const patronId = (await applications.find(applicationId))?.patronId ?? '';
    expect(await em().findOneOrFail(Patron, { id: patronId })).toMatchObject({
      permissions: ['ill'],
      expiresOn: '2030-11-27',
      overdraftLimit: null,
      deposit: 0n,
    });
  });

  test('A5 a number somebody has is told with everything else that is wrong, and nothing is written', async () => {
    const { card } = await bench.build.patron();
    const { applicationId } = await reviewed({ login: card });
    expect(await decide(applicationId, 'approve', { terms: { userGroup: 'nobody' } })).toEqual({
      refused: [{ code: 'card-taken' }, { code: 'user-group-unknown' }],
    });
    expect(await stateOf(applicationId)).toBe('reviewing');
    expect(await em().count(Task, { subjectId: applicationId, resolvedAt: null })).toBe(1);
  });

  test('A5 merged, the applicant’s card gets what was applied for and keeps number and password', async () => {
    const { applicationId } = await reviewed();
    const patron = await bench.build.patron({ userGroup: 'reader', phone: null });
    expect(await decide(applicationId, 'merge', { patronId: uuid() })).toEqual({
      refused: [{ code: 'patron-unknown' }],
    });
    expect(await decide(applicationId, 'merge', { patronId: patron.id })).toMatchObject({
      standing: { state: 'merged', ended: true },
    });
    expect(await em().findOneOrFail(Patron, { id: patron.id })).toMatchObject({
      card: patron.card,
      permissions: ['ill'],
      phone: '13900000000',
      email: patron.email,
    });
    expect(await em().count(Credential, { patronId: patron.id })).toBe(0);
    expect(await notices(applicationId, 'application-merged')).toHaveLength(1);
  });
});

describe('asking and rejecting', () => {
  test('A5 rejected with a reason, corrected and submitted again: the same application, its history kept', async () => {
    const { applicationId, email } = await reviewed();
    expect(await decide(applicationId, 'reject')).toEqual({ refused: [{ code: 'remark-missing' }] });
    const { id: remarkId } = await applications.remark('请填写真实姓名');
    expect(await decide(applicationId, 'reject', { remarkId })).toMatchObject({
      standing: { state: 'correcting' },
    });
    expect(await notices(applicationId, 'application-rejected')).toMatchObject([
      { address: email, content: { remarkId } },
    ]);
    const next = await applications.next(applicationId, { name: '李明' });
    expect(await resubmit(applicationId, next.version)).toMatchObject({
      standing: { state: 'reviewing', deadline: beijing('2026-11-30T22:00') },
    });
    expect((await applications.forms(applicationId)).map(({ version }) => version)).toEqual([1, 2]);
    expect(
      await em().find(Task, { subjectId: applicationId }, { orderBy: { createdAt: 'asc' } }),
    ).toMatchObject([{ outcome: 'reject', remarkId }, { outcome: null }]);
    await decide(applicationId, 'approve', {
      seen: { state: 'reviewing', version: 2 },
      now: noon + 3 * hour,
    });
    expect(await em().count(Patron, { name: '李明' })).toBe(1);
    expect(await eventsOf(applicationId)).toEqual([
      'application-submitted',
      'application-confirmed',
      'application-sent-back',
      'application-resubmitted',
      'application-approved',
    ]);
  });

  test('A5 a question goes out by mail and comes back answered', async () => {
    const { applicationId } = await reviewed();
    const { id: remarkId } = await applications.remark('Which department?');
    expect(await resubmit(applicationId, 2)).toEqual({
      refused: [{ code: 'application-not-awaited', state: 'reviewing' }],
    });
    expect(await decide(applicationId, 'ask', { remarkId })).toMatchObject({
      standing: { state: 'questioned' },
    });
    await applications.next(applicationId, { answer: 'Pharmacy' });
    expect(await resubmit(applicationId, 2)).toMatchObject({ standing: { state: 'reviewing' } });
    expect(await eventsOf(applicationId)).toContain('application-answered');
  });

  test('A5 a corrected e-mail address has to be confirmed before anybody looks again', async () => {
    const { applicationId } = await reviewed();
    const { id: remarkId } = await applications.remark('The address bounces');
    await decide(applicationId, 'reject', { remarkId });
    await applications.next(applicationId, { email: 'corrected@example.org' });
    expect(await resubmit(applicationId, 2)).toMatchObject({ standing: { state: 'confirming' } });
    const mails = await notices(applicationId, 'application-confirm');
    expect(mails.map(({ address }) => address)).toContain('corrected@example.org');
    const old = { applicationId, version: 1, operation: uuid(), now: noon + 3 * hour };
    await bench.activities.confirmApplication(old);
    expect(await stateOf(applicationId)).toBe('confirming');
    await bench.activities.confirmApplication({ ...old, version: 2, operation: uuid() });
    expect(await stateOf(applicationId)).toBe('reviewing');
  });

  test('A5 rejected for good: the reason is mailed, the data stay for the policy’s time and are then deleted', async () => {
    const { applicationId } = await reviewed();
    const { id: remarkId } = await applications.remark('Not a member of ours');
    const { standing } = (await decide(applicationId, 'reject-for-good', { remarkId })) as {
      standing: { state: string; ended: boolean; wakeAt: number };
    };
    expect(standing).toMatchObject({ state: 'rejected', ended: false });
    await deliver(applicationId);
    expect(await applications.forms(applicationId)).toHaveLength(1);
    expect(await look(applicationId, standing.wakeAt)).toMatchObject({ state: 'rejected', ended: true });
    expect(await applications.forms(applicationId)).toEqual([]);
    expect(await em().findOneOrFail(Remark, { id: remarkId })).toMatchObject({ text: '' });
    expect(await eventsOf(applicationId)).toContain('application-erased');
  });

  test('A5 an unanswered question lapses: the applicant is told, and then everything is deleted', async () => {
    const { applicationId } = await reviewed();
    const { id: remarkId } = await applications.remark('Which department?');
    await decide(applicationId, 'ask', { remarkId });
    await deliver(applicationId);
    const asked = await look(applicationId, noon + day);
    const lapsed = await look(applicationId, asked.wakeAt ?? 0);
    expect(lapsed).toMatchObject({ state: 'lapsed', ended: false, deliver: [expect.any(String)] });
    expect(await applications.forms(applicationId)).toHaveLength(1);
    await deliver(applicationId);
    expect(await look(applicationId, (asked.wakeAt ?? 0) + hour)).toMatchObject({ ended: true });
    expect(await applications.forms(applicationId)).toEqual([]);
    expect(await notices(applicationId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'application-lapsed', address: '', recipient: '' }),
      ]),
    );
  });

  test('A5 withdrawn by the applicant: ended and deleted at once, and the reviewers’ task is gone', async () => {
    const { applicationId } = await reviewed();
    await deliver(applicationId);
    const withdrawal = {
      applicationId,
      actor: `applicant:${applicationId}` as const,
      operation: uuid(),
      now: noon + hour,
    };
    expect(await bench.activities.withdrawApplication(withdrawal)).toMatchObject({
      standing: { ended: true },
    });
    expect(await applications.forms(applicationId)).toEqual([]);
    expect(await em().count(Task, { subjectId: applicationId, resolvedAt: null })).toBe(0);
  });
});

describe('two librarians', () => {
  test('A5 at the same moment: one decides, the other is told who did and what', async () => {
    const rounds = ['approve', 'reject-for-good', 'ask', 'reject', 'merge'] as const;
    for (const other of rounds) {
      const { applicationId } = await reviewed();
      const { id: remarkId } = await applications.remark('No');
      const patron = await bench.build.patron();
      const more = { remarkId, patronId: patron.id };
      const answers = await Promise.all([
        decide(applicationId, 'approve', { actor: 'staff:one', ...more }),
        decide(applicationId, other, { actor: 'staff:two', ...more }),
      ]);
      const refused = answers.flatMap((answer) => ('refused' in answer ? answer.refused : []));
      const row = await em().findOneOrFail(Application, { id: applicationId });
      expect(refused).toEqual([
        {
          code: 'application-decided',
          state: row.state,
          by: row.decidedBy,
          at: row.decidedAt?.toISOString(),
        },
      ]);
      expect(await em().count(Task, { subjectId: applicationId, resolvedBy: row.decidedBy })).toBe(1);
    }
  });

  test('A5 a decision about a form that has been corrected meanwhile is not taken', async () => {
    const { applicationId } = await reviewed();
    const { id: remarkId } = await applications.remark('?');
    await decide(applicationId, 'reject', { remarkId });
    await applications.next(applicationId);
    await resubmit(applicationId, 2);
    expect(await decide(applicationId, 'approve')).toEqual({
      refused: [{ code: 'application-changed', version: 2 }],
    });
  });

  test('A5 a decision done twice – the worker died after the commit – opens one account and answers alike', async () => {
    const { applicationId, login } = await reviewed();
    const operation = uuid();
    const answers = [];
    for (const _ of [1, 2]) answers.push(await decide(applicationId, 'approve', { operation }));
    expect(answers[1]).toEqual(answers[0]);
    expect(await em().count(Patron, { card: login ?? '' })).toBe(1);
  });
});

describe('an overdue review', () => {
  test('A5 the supervisor is mailed once per working day, over the weekend not at all; nothing of the applicant is in it', async () => {
    const { applicationId, name, email } = await reviewed();
    await deliver(applicationId);
    const due = beijing('2026-11-30T22:00');
    expect(await look(applicationId, due - hour)).toMatchObject({ deliver: [], wakeAt: due });
    const moments = [
      due,
      due + 1_000,
      beijing('2026-12-01T07:59'),
      beijing('2026-12-01T08:00'),
      beijing('2026-12-01T20:00'),
    ];
    const told: number[] = [];
    for (const now of moments) {
      await look(applicationId, now);
      told.push((await notices(applicationId, 'application-overdue')).length);
    }
    expect(told).toEqual([1, 1, 1, 2, 2]);
    const friday = await look(applicationId, beijing('2026-12-04T09:00'));
    expect(friday.wakeAt).toBe(beijing('2026-12-07T08:00'));
    const mails = await notices(applicationId, 'application-overdue');
    for (const mail of mails) {
      expect(mail).toMatchObject({
        audience: 'staff',
        address: 'ill-supervisor@ccc-member.example',
        patronId: null,
      });
      expect(JSON.stringify(mail.content)).not.toContain(email);
      expect(JSON.stringify(mail)).not.toContain(name);
    }
    expect(await eventsOf(applicationId)).toContain('review-overdue');
    expect(await em().findOneOrFail(Task, { subjectId: applicationId, resolvedAt: null })).toMatchObject({
      dueAt: new Date(due),
    });
  });

  test('A5 a day the library closes after the application came in moves the deadline, on the work list too', async () => {
    const { applicationId } = await reviewed();
    await bench.rows(
      `insert into closure (id, library, day, reason, created_by, created_at) values (?, ?, '2026-11-30', 'snow', 'staff:1', now())`,
      [uuid(), library],
    );
    const moved = beijing('2026-12-01T22:00');
    expect(await look(applicationId, beijing('2026-11-30T22:00'))).toMatchObject({
      deadline: moved,
      wakeAt: moved,
    });
    expect(await notices(applicationId, 'application-overdue')).toEqual([]);
    expect(await em().findOneOrFail(Task, { subjectId: applicationId })).toMatchObject({
      dueAt: new Date(moved),
    });
    await bench.rows('delete from closure');
  });
});
