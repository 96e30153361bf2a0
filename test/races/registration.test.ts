import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Application, Notice, Patron, PatronIdentity } from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createApplications } from '../support/applications.ts';

/** Many at the same instant, on real PostgreSQL, retried as the engine retries. */
const now = Date.parse('2026-11-24T12:00:00+09:00');
const crowd = 8;
let bench: ActivityBench;

beforeAll(async () => {
  bench = await startActivities({ library: 'chikushino' });
});

afterAll(() => bench?.stop());

const em = () => bench.orm.em.fork();
const everyone = <T>(act: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: crowd }, (_, n) => act(n)));
const states = (answers: readonly object[]) =>
  answers.map((answer) =>
    'refused' in answer
      ? (answer.refused as { code: string }[]).map(({ code }) => code).join('+')
      : (answer as { standing: { state: string } }).standing.state,
  );

async function submitted(
  library: string,
  given: Parameters<ReturnType<typeof createApplications>['form']>[0],
) {
  const { applicationId } = await createApplications(bench.orm, library).form(given);
  const answer = await bench.perform((activities) =>
    activities.submitApplication({ applicationId, library, now }),
  );
  return { applicationId, answer };
}

const confirm = (applicationId: string) =>
  bench.perform((activities) =>
    activities.confirmApplication({ applicationId, version: 1, operation: uuid(), now }),
  );

const approve = (applicationId: string, operation = uuid()) =>
  bench.perform((activities) =>
    activities.decideApplication({
      applicationId,
      decision: 'approve',
      actor: 'staff:1',
      seen: { state: 'reviewing', version: 1 },
      operation,
      now,
    }),
  );

async function reviewed(library: string, procedure: string, given = {}) {
  const { applicationId } = await submitted(library, { procedure, ...given });
  await confirm(applicationId);
  return applicationId;
}

test('A2 accounts approved at the same moment get card numbers of their own, one after the other', async () => {
  await bench.build.patron({ card: '09000003' });
  await bench.build.patron({ login: '09000005' });
  const applications = await everyone(() => reviewed('chikushino', 'web', { birthDate: '1990-01-31' }));
  expect(states(await Promise.all(applications.map((id) => approve(id))))).toEqual(
    applications.map(() => 'approved'),
  );
  const cards = (await em().find(Patron, { card: { $like: '09000%' } })).map(({ card }) => card).toSorted();
  const numbers = Array.from({ length: crowd + 2 }, (_, n) => `0900${String(n + 1).padStart(4, '0')}`);
  expect(cards).toEqual(numbers.filter((number) => number !== '09000005'));
});

test('A2 of those who state the same number one gets it, and the reviewers of the others are told', async () => {
  const applications = await everyone(() => reviewed('ccc-member', 'self', { login: 'wanted01' }));
  const outcomes = states(await Promise.all(applications.map((id) => approve(id)))).toSorted();
  expect(outcomes).toEqual(['approved', ...Array.from({ length: crowd - 1 }, () => 'card-taken')]);
  expect(await em().count(Patron, { login: 'wanted01' })).toBe(1);
});

test('A1 one identity bound many times at the same moment: one account', async () => {
  const answers = await everyone((n) =>
    submitted('zju', {
      procedure: 'campus',
      login: '3129999',
      name: `Somebody ${'abcdefgh'[n]}`,
      identityProvider: 'campus',
      identitySubject: 'one and the same',
    }),
  );
  const outcomes = states(answers.map(({ answer }) => answer)).toSorted();
  expect(outcomes).toEqual([
    'approved',
    ...Array.from({ length: crowd - 1 }, () => 'identity-bound+card-taken'),
  ]);
  expect(await em().count(PatronIdentity, { subject: 'one and the same' })).toBe(1);
});

test('A2 one person’s form sent many times at the same moment: one application, one mail and one reminder of it', async () => {
  const form = { procedure: 'external', name: '韩梅梅', email: 'hmm@example.org', login: 'hanmeimei' };
  const answers = await everyone(() => submitted('zju', form));
  const rows = await em().find(Application, {
    id: { $in: answers.map(({ applicationId }) => applicationId) },
  });
  expect(rows).toHaveLength(1);
  expect(await em().count(Notice, { subjectId: rows[0]?.id ?? '' })).toBe(2);
});

test('A5 the applicant withdraws, the time runs out and a librarian approves at the same moment: one of them, and all agree which', async () => {
  for (let round = 0; round < crowd; round += 1) {
    const applicationId = await reviewed('ccc-member', 'self', { login: `racer${uuid().slice(-6)}` });
    const withdraw = bench.perform((activities) =>
      activities.withdrawApplication({
        applicationId,
        actor: `applicant:${applicationId}`,
        operation: uuid(),
        now,
      }),
    );
    const look = bench.perform((activities) => activities.lookAtApplication({ applicationId, now }));
    const [approved, withdrawn] = states(await Promise.all([approve(applicationId), withdraw]));
    await look;
    const row = await em().findOneOrFail(Application, { id: applicationId });
    const winner = {
      approved: ['approved', 'application-ended'],
      withdrawn: ['application-ended', 'withdrawn'],
    };
    expect([approved, withdrawn]).toEqual(winner[row.state as keyof typeof winner]);
  }
  expect(await bench.audit(now)).toEqual([]);
});
