import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import {
  Credential,
  EmailConfirmation,
  Notice,
  Patron,
  PatronIdentity,
  Task,
} from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Applications, createApplications } from '../support/applications.ts';

/** Zhejiang's procedures: the campus card, the external form, the service account. The clock stands on a Tuesday noon there. */
const noon = Date.parse('2026-11-24T12:00:00+08:00');
const library = 'zju';
let bench: ActivityBench;
let applications: Applications;

beforeAll(async () => {
  bench = await startActivities({ library });
  applications = createApplications(bench.orm, library);
});

afterAll(() => bench?.stop());

const em = () => bench.orm.em.fork();
const submit = (applicationId: string, now = noon) =>
  bench.activities.submitApplication({ applicationId, library, now });
const confirm = (applicationId: string, version = 1, now = noon) =>
  bench.activities.confirmApplication({ applicationId, version, operation: uuid(), now });
const kinds = async (subjectId: string) =>
  (await em().find(Notice, { subjectId }, { orderBy: { createdAt: 'asc', id: 'asc' } })).map(
    ({ kind }) => kind,
  );
const external = (given = {}) =>
  applications.form({ procedure: 'external', login: `reader${uuid().slice(-6)}`, ...given });
const campus = (number: string, given = {}) =>
  applications.form({
    procedure: 'campus',
    login: number,
    identityProvider: 'campus',
    identitySubject: `s-${number}`,
    ...given,
  });

describe('a campus card', () => {
  test('A1 bound to a verified identity: the account is there at once, nobody reviews', async () => {
    const { applicationId, email } = await campus('3120001', { name: '陈二' });
    expect(await submit(applicationId)).toMatchObject({ standing: { state: 'approved', ended: true } });
    const { patronId, endReason } = (await applications.find(applicationId)) ?? {};
    expect(endReason).toBe('approved');
    const patron = await em().findOneOrFail(Patron, { id: patronId ?? '' });
    expect(patron).toMatchObject({
      library,
      card: '3120001',
      login: '3120001',
      name: '陈二',
      email,
      emailState: 'unconfirmed',
      userGroup: 'campus',
    });
    expect(
      await em().findOneOrFail(PatronIdentity, { provider: 'campus', subject: 's-3120001' }),
    ).toMatchObject({
      patronId,
    });
    expect(await em().findOneOrFail(Credential, { patronId: patron.id })).toMatchObject({
      passwordHash: '$argon2id$stub',
    });
    expect(await em().count(Task, { subjectId: applicationId })).toBe(0);
  });

  test('A1 the address is confirmed by its own mail; one the identity provider vouches for needs none', async () => {
    const first = await campus('3120002');
    await submit(first.applicationId);
    expect(await kinds(first.applicationId)).toContain('confirm-email');
    const patronId = (await applications.find(first.applicationId))?.patronId ?? '';
    expect(await em().findOneOrFail(EmailConfirmation, { subjectId: patronId })).toMatchObject({
      address: first.email,
      purpose: 'set',
    });
    const trusted = await campus('3120003', { emailTrusted: true });
    await submit(trusted.applicationId);
    expect(await kinds(trusted.applicationId)).toEqual(['application-approved']);
    const account = (await applications.find(trusted.applicationId))?.patronId ?? '';
    expect(await em().findOneOrFail(Patron, { id: account })).toMatchObject({ emailState: 'confirmed' });
  });

  test('A1 without the verified identity, or with one that has an account, nothing is opened', async () => {
    const nobody = await applications.form({ procedure: 'campus', login: '3120004' });
    expect(await submit(nobody.applicationId)).toEqual({ refused: [{ code: 'identity-missing' }] });
    const first = await campus('3120005');
    await submit(first.applicationId);
    const again = await campus('3120005', { email: 'other@example.org', name: 'Somebody Else' });
    expect(await submit(again.applicationId)).toEqual({
      refused: [{ code: 'identity-bound' }, { code: 'card-taken' }],
    });
    expect(await applications.find(again.applicationId)).toBeNull();
    expect(await em().count(Patron, { card: '3120005' })).toBe(1);
  });

  test('A1 a step done twice – the worker died after the commit – opens one account', async () => {
    const { applicationId } = await campus('3120006');
    const answers = [await submit(applicationId), await submit(applicationId, noon + 5_000)];
    expect(answers.map((answer) => 'standing' in answer && answer.standing.state)).toEqual([
      'approved',
      'approved',
    ]);
    expect(await em().count(Patron, { card: '3120006' })).toBe(1);
  });
});

describe('an external reader', () => {
  test('A2 the form waits for the address, then for staff; until then there is no account', async () => {
    const { applicationId, email, login } = await external();
    const submitted = await submit(applicationId);
    expect(submitted).toMatchObject({ standing: { state: 'confirming', ended: false } });
    expect(await em().count(Task, { subjectId: applicationId })).toBe(0);

    const confirmed = await confirm(applicationId);
    expect(confirmed).toMatchObject({
      standing: { state: 'reviewing', deadline: Date.parse('2026-11-25T17:00:00+08:00') },
    });
    expect(await em().findOneOrFail(Task, { subjectId: applicationId })).toMatchObject({
      kind: 'review-application',
      workflowId: `registration:${applicationId}`,
      resolvedAt: null,
    });
    expect(await em().count(Patron, { email })).toBe(0);
    expect(await em().count(Patron, { login })).toBe(0);
  });

  test('A2 the first mail goes to the address on the form, with a link that confirms it and one to the application', async () => {
    const { applicationId, email } = await external();
    await submit(applicationId);
    const [notice] = await em().find(Notice, { subjectId: applicationId });
    expect(notice).toMatchObject({
      kind: 'application-confirm',
      audience: 'applicant',
      address: email,
      patronId: null,
    });
  });

  test('A2 the link is good once: used again it changes nothing, and after a correction the old one is void', async () => {
    const { applicationId } = await external();
    await submit(applicationId);
    await confirm(applicationId);
    const due = (await applications.find(applicationId))?.reviewDueAt;
    expect(await confirm(applicationId, 1, noon + 86_400_000)).toMatchObject({
      standing: { state: 'reviewing' },
    });
    expect((await applications.find(applicationId))?.reviewDueAt).toEqual(due);
    expect(await confirm(applicationId, 2)).toEqual({
      refused: [{ code: 'application-changed', version: 1 }],
    });
  });

  test('A2 a second form of the same person makes no second application; the mail goes out again, at most once an hour', async () => {
    const first = await external({ name: '李雷', email: 'lilei@example.org' });
    await submit(first.applicationId);
    const answers = [];
    for (const minutes of [1, 2]) {
      const again = await external({ name: '李 雷', email: 'LiLei@example.org' });
      answers.push(await submit(again.applicationId, noon + minutes * 60_000));
      expect(await applications.find(again.applicationId)).toBeNull();
    }
    expect(answers).toMatchObject([{ standing: { ended: true } }, { standing: { ended: true } }]);
    expect(await kinds(first.applicationId)).toEqual(['application-confirm', 'application-confirm']);
    expect(bench.woken).toContain(`registration:${first.applicationId}`);
    const other = await external({ name: '韩梅梅', email: 'lilei@example.org' });
    expect(await submit(other.applicationId)).toMatchObject({ standing: { state: 'confirming' } });
  });

  test('A2 a link nobody uses lapses after its time, without another mail, and everything submitted is deleted', async () => {
    const { applicationId } = await external();
    await submit(applicationId);
    const before = await bench.activities.lookAtApplication({ applicationId, now: noon + 86_400_000 });
    expect(before).toMatchObject({ state: 'confirming' });
    for (const notice of await em().find(Notice, { subjectId: applicationId }))
      await bench.rows(
        `update notice set state = 'sent', settled_at = now(), recipient = address where id = ?`,
        [notice.id],
      );
    const after = await bench.activities.lookAtApplication({ applicationId, now: before.wakeAt ?? 0 });
    expect(after).toMatchObject({ state: 'lapsed', ended: true, deliver: [] });
    expect(await applications.forms(applicationId)).toEqual([]);
    const [notice, ...others] = await em().find(Notice, { subjectId: applicationId });
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ address: '', addressee: '', recipient: '' });
    expect(await confirm(applicationId)).toEqual({
      refused: [{ code: 'application-ended', state: 'lapsed' }],
    });
  });
});

describe('the service account', () => {
  const service = async (given = {}) => {
    const patron = await bench.build.patron({ userGroup: 'campus' });
    const form = await applications.form({
      procedure: 'ill',
      patronId: patron.id,
      phone: '13800000000',
      details: { institution: '浙江大学', gender: 'male', workUnit: '药学院' },
      ...given,
    });
    return { patron, form, applicationId: form.applicationId };
  };

  test('A4 "submitted, a mail follows": it is with the librarian at once, and the mail is queued', async () => {
    const { applicationId, patron, form } = await service();
    expect(await submit(applicationId)).toMatchObject({
      standing: { state: 'reviewing', deliver: [expect.any(String)] },
    });
    expect(await em().find(Notice, { subjectId: applicationId })).toMatchObject([
      { kind: 'application-received', audience: 'applicant', address: form.email },
    ]);
    expect((await em().findOneOrFail(Patron, { id: patron.id })).permissions).toEqual([]);
  });

  test('A4 approved, the account has the permission and what the form says; nothing it had is replaced', async () => {
    const { applicationId, patron } = await service();
    await submit(applicationId);
    await bench.activities.decideApplication({
      applicationId,
      decision: 'approve',
      actor: 'staff:1',
      seen: { state: 'reviewing', version: 1 },
      operation: uuid(),
      now: noon,
    });
    expect(await em().findOneOrFail(Patron, { id: patron.id })).toMatchObject({
      permissions: ['ill'],
      details: { institution: '浙江大学', gender: 'male', workUnit: '药学院' },
      card: patron.card,
      email: patron.email,
      phone: patron.phone,
    });
    expect(await kinds(applicationId)).toEqual(['application-received', 'application-approved']);
  });

  test('A4 not without an account, not a second time, and not for what one has', async () => {
    const stranger = await applications.form({ procedure: 'ill', phone: '1' });
    expect(await submit(stranger.applicationId)).toEqual({ refused: [{ code: 'patron-unknown' }] });
    const { applicationId, patron } = await service();
    await submit(applicationId);
    const second = await applications.form({ procedure: 'ill', patronId: patron.id });
    expect(await submit(second.applicationId)).toEqual({ refused: [{ code: 'application-open' }] });
    const holder = await bench.build.patron({ permissions: ['ill'] });
    const third = await applications.form({ procedure: 'ill', patronId: holder.id });
    expect(await submit(third.applicationId)).toEqual({ refused: [{ code: 'permission-held' }] });
  });
});
