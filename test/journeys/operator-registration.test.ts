import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import type { SweepReport } from '../../domain/sweep-report.ts';
import { type Applications, createApplications } from '../support/applications.ts';
import { atRest, type Carrel, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks } from '../support/desk.ts';

let carrel: Carrel;
let operator: Console;
let applications: Applications;
const library = 'demo';

beforeAll(async () => {
  carrel = await startCarrel();
  operator = await createDesks(carrel).staff('operator');
  applications = createApplications(carrel.orm, library);
});

afterAll(() => carrel?.stop());

async function apply() {
  const form = await applications.form({ procedure: 'web', birthDate: '1990-01-31' });
  await carrel.commands.submitApplication({ applicationId: form.applicationId, library });
  return form;
}

const sweep = () =>
  carrel.client.workflow.execute<() => Promise<SweepReport>>('sweep', {
    workflowId: `sweep-${uuid()}`,
    taskQueue: carrel.taskQueue,
    args: [],
  });

test('G1 an operator finds a registration and reads its story, in words and without what was submitted', async () => {
  const { applicationId, name, email } = await apply();
  await carrel.commands.confirmApplication(applicationId, { version: 1 }, uuid());
  const id = `registration:${applicationId}`;
  const found = await until(
    () => operator.get('/v1/staff/processes?process=registration&state=reviewing'),
    ({ body }) => body.items.some((each: { workflowId: string }) => each.workflowId === id),
  );
  expect(found.status).toBe(200);
  const { status, body } = await operator.get(`/v1/staff/processes/${encodeURIComponent(id)}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    state: 'reviewing',
    stateText: 'Being reviewed',
    title: 'Registration',
    reader: null,
  });
  const told = body.timeline.map(({ text }: { text: string }) => text).join('\n');
  for (const words of ['Application submitted', 'E-mail address confirmed', 'Review an application'])
    expect(told).toContain(words);
  expect(body.timeline[0].actor).toEqual({ kind: 'applicant', name: 'Applicant' });
  for (const personal of [name, email]) expect(JSON.stringify(body)).not.toContain(personal);
});

test('G1 the sweep starts a lost registration again, wakes one that slept through its deadline, and lets both go on', async () => {
  const [lost, asleep] = [await apply(), await apply()];
  const workflow = (applicationId: string) =>
    carrel.client.workflow.getHandle(`registration:${applicationId}`);
  const mailed = async (subjectId: string) =>
    carrel.orm.em.fork().execute(`select from notice where subject_id = ? and state = 'sent'`, [subjectId]);
  for (const { applicationId } of [lost, asleep])
    await until(
      () => mailed(applicationId),
      (rows) => rows.length === 1,
    );
  await atRest(carrel.client, `registration:${asleep.applicationId}`);
  await workflow(lost.applicationId).terminate('by mistake');
  await carrel.orm.em
    .fork()
    .execute(`update application set submitted_at = now() - interval '1 hour' where id in (?, ?)`, [
      lost.applicationId,
      asleep.applicationId,
    ]);
  await carrel.orm.em
    .fork()
    .execute(`update application set lapses_at = now() - interval '30 minutes' where id = ?`, [
      asleep.applicationId,
    ]);

  const report = await sweep();
  expect(report.restarted.ids).toContain(`registration:${lost.applicationId}`);
  expect(report.woken.ids).toContain(`registration:${asleep.applicationId}`);
  expect(await workflow(asleep.applicationId).result()).toEqual({ state: 'lapsed' });
  expect(await applications.forms(asleep.applicationId)).toEqual([]);
  await carrel.commands.confirmApplication(lost.applicationId, { version: 1 }, uuid());
  expect(await applications.find(lost.applicationId)).toMatchObject({ state: 'reviewing' });
});
