import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Notice, Patron } from '../../db/entities/index.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Procedure } from '../../domain/policy-registration.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Applications, createApplications } from '../support/applications.ts';

/** A library that wants other steps: no confirmation before the review; a second procedure that needs the confirmation only; a third that is given up. */
function change(policy: LibraryPolicy): LibraryPolicy {
  const [web] = policy.registration.procedures as [Procedure];
  const { review: _, ...unreviewed } = web;
  const procedures: Procedure[] = [
    { ...web, confirm: false },
    { ...unreviewed, code: 'open', confirm: true, grants: { ...web.grants, validFor: 'P1Y' } },
    { ...web, code: 'given-up', offered: false },
  ];
  return { ...policy, registration: { ...policy.registration, procedures } };
}

const library = 'bibliotheca';
const now = Date.parse('2026-11-24T12:00:00+01:00');
let bench: ActivityBench;
let applications: Applications;

beforeAll(async () => {
  bench = await startActivities({ library, change });
  applications = createApplications(bench.orm, library);
});

afterAll(() => bench?.stop());

const submit = async (procedure: string) => {
  const { applicationId, email } = await applications.form({ procedure, birthDate: '1990-01-31' });
  return {
    applicationId,
    email,
    answer: await bench.activities.submitApplication({ applicationId, library, now }),
  };
};
const patronOf = async (applicationId: string) =>
  bench.orm.em.fork().findOneOrFail(Patron, { id: (await applications.find(applicationId))?.patronId ?? '' });

test('A2 A5 without a confirmation staff have it at once; the approval is mailed all the same, beside the mail that asks to confirm', async () => {
  const { applicationId, email, answer } = await submit('web');
  expect(answer).toMatchObject({ standing: { state: 'reviewing' } });
  const seen = { state: 'reviewing', version: 1 } as const;
  const step = {
    applicationId,
    decision: 'approve',
    actor: 'staff:1',
    seen,
    operation: uuid(),
    now,
  } as const;
  expect(await bench.activities.decideApplication(step)).toMatchObject({ standing: { state: 'approved' } });
  expect(await patronOf(applicationId)).toMatchObject({ email, emailState: 'unconfirmed' });
  const mails = await bench.orm.em.fork().find(Notice, { subjectId: applicationId, state: 'queued' });
  expect(mails.map(({ kind }) => kind).toSorted()).toEqual(['application-approved', 'confirm-email']);
  expect(mails.every(({ channel }) => channel === 'mail')).toBe(true);
});

test('A2 where nobody reviews, the confirmed address opens the account, valid as long as the policy says', async () => {
  const { applicationId, answer } = await submit('open');
  expect(answer).toMatchObject({ standing: { state: 'confirming' } });
  const confirmation = { applicationId, version: 1, operation: uuid(), now };
  expect(await bench.activities.confirmApplication(confirmation)).toMatchObject({
    standing: { state: 'approved' },
  });
  expect(await patronOf(applicationId)).toMatchObject({
    emailState: 'confirmed',
    expiresOn: '2027-11-24',
    userGroup: 'main-card',
  });
});

test('A2 a procedure that is given up takes no new applications', async () => {
  const { applicationId, answer } = await submit('given-up');
  expect(answer).toEqual({ refused: [{ code: 'procedure-unknown' }] });
  expect(await applications.find(applicationId)).toBeNull();
});
