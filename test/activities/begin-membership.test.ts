import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { PatronChange } from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createApplications } from '../support/applications.ts';

/** When a card is opened its usage fee's process begins, without waiting for the sweep. Bibliotheca takes a fee, the demonstration library none. */
let bench: ActivityBench;
const now = Date.parse('2026-12-01T12:00:00+01:00');
const actor = 'staff:00000000-0000-7000-8000-000000000001';

beforeAll(async () => {
  bench = await startActivities({ library: 'bibliotheca' });
});

afterAll(() => bench?.stop());

const step = () => ({ operation: uuid(), now });
const begun = (patronId: string) => bench.woken.filter((id) => id === `new membership:${patronId}`).length;

const data = {
  name: 'New Reader',
  birthDate: null,
  email: null,
  phone: null,
  language: 'de',
  login: null,
  details: {},
  userGroup: 'main-card',
  expiresOn: null,
  overdraftLimit: null,
  deposit: 0,
  permissions: [],
  noticePreferences: {},
};

async function opening(library: string, card = `9${uuid().slice(-6)}`) {
  const [changeId, patronId] = [uuid(), uuid()];
  const em = bench.orm.em.fork();
  em.create(PatronChange, {
    id: changeId,
    library,
    patronId,
    actor,
    wanted: { card, data },
    submittedAt: new Date(now),
  } as unknown as PatronChange);
  await em.flush();
  return { changeId, patronId, card };
}

test('F2 a card opened at the desk begins its fee’s process at once, and again when the step is repeated', async () => {
  const { changeId, patronId } = await opening('bibliotheca');
  const opened = { changeId, ...step() };
  expect(await bench.activities.openPatron(opened)).toEqual({ patronId });
  expect(begun(patronId)).toBe(1);
  await bench.activities.openPatron(opened);
  expect(begun(patronId)).toBe(2);
});

test('F2 no process where the card was refused, nor in a library without a fee', async () => {
  const { card } = await bench.build.patron();
  const taken = await opening('bibliotheca', card);
  expect(await bench.activities.openPatron({ changeId: taken.changeId, ...step() })).toHaveProperty(
    'refused',
  );
  const free = await opening('demo');
  expect(await bench.activities.openPatron({ changeId: free.changeId, ...step() })).toEqual({
    patronId: free.patronId,
  });
  expect([begun(taken.patronId), begun(free.patronId)]).toEqual([0, 0]);
});

test('F2 an approved registration begins the fee’s process of the card it opens, not before', async () => {
  const applications = createApplications(bench.orm, 'bibliotheca');
  const { applicationId } = await applications.form({ procedure: 'web', birthDate: '1990-01-31' });
  const before = bench.woken.length;
  await bench.activities.submitApplication({ applicationId, library: 'bibliotheca', now });
  await bench.activities.confirmApplication({ applicationId, version: 1, ...step() });
  expect(bench.woken.slice(before)).toEqual([]);
  const seen = { state: 'reviewing', version: 1 } as const;
  const decided = { applicationId, decision: 'approve', actor, seen, ...step() } as const;
  expect(await bench.activities.decideApplication(decided)).toMatchObject({
    standing: { state: 'approved' },
  });
  const { patronId } = (await applications.find(applicationId)) ?? {};
  expect(bench.woken.slice(before)).toEqual([`new membership:${patronId}`]);
});
