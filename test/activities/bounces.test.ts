import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { deliverNotice } from '../../activities/notices/deliver.ts';
import { Bounce, Event, Hold, Notice, Patron, Task } from '../../db/entities/index.ts';
import type { BounceOutcome } from '../../domain/email.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createApplications } from '../support/applications.ts';
import { createTelling } from '../audit/story.ts';

let bench: ActivityBench;
let tell: ReturnType<typeof createTelling>;
beforeAll(async () => {
  bench = await startActivities();
  tell = createTelling(bench);
});
afterAll(() => bench?.stop());

const em = () => bench.orm.em.fork();
const now = Date.UTC(2026, 5, 1, 11);

async function report(noticeId: string, outcome: BounceOutcome = 'hard') {
  const id = uuid();
  await bench.rows(
    `insert into bounce (id, library, notice_id, message_key, outcome, format, via, received_at)
     select ?, library, id, ?, ?, 'rfc3464', 'imap', now() from notice where id = ?`,
    [id, id, outcome, noticeId],
  );
  return id;
}

const decide = (bounceId: string, operation = `command:recordBounce:${bounceId}`) =>
  bench.activities.recordBounce({ bounceId, operation, now });

/** A hold whose reader was mailed. */
async function mailed() {
  const { titleId, itemId } = await tell.lentTitle(0);
  const { holdId, patronId } = await tell.place(1, titleId, 'mail');
  await tell.checkIn(10, itemId);
  await tell.deliver(11, holdId);
  const notice = await em().findOneOrFail(Notice, { subjectId: holdId, kind: 'secured' });
  return { holdId, patronId, itemId, noticeId: notice.id };
}

describe('deciding on a mail that came back', () => {
  test('N4 the same report decided twice, at once and later, is one event and one task', async () => {
    const { patronId, holdId, noticeId } = await mailed();
    const id = await report(noticeId);
    const answers = await Promise.all([decide(id), decide(id)]);
    const effects = [...answers, await decide(id)].map(({ effect }) => effect);
    expect(effects).toEqual(['failing', 'failing', 'failing']);
    expect(await em().count(Event, { subjectId: holdId, kind: 'mail-bounced' })).toBe(1);
    expect(await em().count(Event, { subjectId: patronId, kind: 'email-failing' })).toBe(1);
    expect(await em().count(Task, { subjectId: patronId, kind: 'email-failing' })).toBe(1);
    expect(await em().count(Task, { subjectId: holdId, kind: 'phone-reader' })).toBe(1);
  });

  test('N4 two reports about one mail at once are both on record, and the reader is told once', async () => {
    const { patronId, noticeId } = await mailed();
    const [hard, soft] = [await report(noticeId), await report(noticeId, 'soft')];
    await Promise.all([decide(hard), decide(soft)]);
    expect(await em().count(Bounce, { noticeId, recordedAt: { $ne: null } })).toBe(2);
    expect((await em().findOneOrFail(Patron, { id: patronId })).emailState).toBe('failing');
    expect(await em().count(Notice, { patronId, kind: 'email-failing' })).toBe(1);
  });

  test('N4 a report quicker than the record of the mail waits for it', async () => {
    const { noticeId } = await mailed();
    await bench.rows(`update notice set state = 'queued', settled_at = null where id = ?`, [noticeId]);
    const id = await report(noticeId);
    await expect(decide(id)).rejects.toThrow('not on record');
    expect((await em().findOneOrFail(Bounce, { id })).recordedAt).toBeNull();
    await deliverNotice(bench.deps, { noticeId }, new Date(now));
    expect(await decide(id)).toEqual({ effect: 'failing' });
  });

  test('H6 a reader who was reached by phone since, or has collected, is not called again', async () => {
    const called = await mailed();
    await bench.rows(`update hold set contacted_at = contacted_at + interval '1 minute' where id = ?`, [
      called.holdId,
    ]);
    await decide(await report(called.noticeId));
    expect((await em().findOneOrFail(Hold, { id: called.holdId })).contactedAt).not.toBeNull();
    expect(await em().count(Task, { subjectId: called.holdId, kind: 'phone-reader' })).toBe(0);

    const fetched = await mailed();
    await tell.lend(20, fetched.patronId, fetched.itemId);
    await decide(await report(fetched.noticeId));
    expect(await em().findOneOrFail(Hold, { id: fetched.holdId })).toMatchObject({ state: 'collected' });
    expect(await em().count(Task, { subjectId: fetched.holdId, kind: 'phone-reader' })).toBe(0);
  });

  test('H6 the process is told to look again when its period is taken back', async () => {
    const { holdId, noticeId } = await mailed();
    const before = bench.woken.length;
    await decide(await report(noticeId, 'soft'));
    expect(bench.woken.slice(before)).toEqual([`hold:${holdId}`]);
    expect(await em().findOneOrFail(Hold, { id: holdId })).toMatchObject({
      contactedAt: null,
      keepUntil: null,
    });
  });

  test('A11 a mail to an earlier address says nothing of the one the reader has now', async () => {
    const { patronId, noticeId } = await mailed();
    await bench.rows(`update patron set email = 'other@reader.example' where id = ?`, [patronId]);
    expect(await decide(await report(noticeId))).toEqual({ effect: 'noted' });
    expect((await em().findOneOrFail(Patron, { id: patronId })).emailState).toBe('confirmed');
  });

  test('A11 mail to an applicant that comes back becomes a task about the application', async () => {
    const applications = createApplications(bench.orm, bench.build.library);
    const { applicationId } = await applications.form({ procedure: 'web', birthDate: '1990-01-31' });
    await bench.activities.submitApplication({ applicationId, library: bench.build.library, now });
    const queued = await em().findOneOrFail(Notice, {
      subjectId: applicationId,
      channel: 'mail',
      state: 'queued',
    });
    await deliverNotice(bench.deps, { noticeId: queued.id }, new Date(now));
    expect(await decide(await report(queued.id))).toEqual({ effect: 'noted' });
    const task = await em().findOneOrFail(Task, { subjectId: applicationId, kind: 'email-failing' });
    expect(task).toMatchObject({ subjectType: 'application', resolvedAt: null });
    expect(await em().count(Event, { subjectId: applicationId, kind: 'mail-bounced' })).toBe(1);
  });
});

test('G2 a task settled twice at once is settled by one of the two', async () => {
  const { patronId, noticeId } = await mailed();
  await decide(await report(noticeId));
  const task = await em().findOneOrFail(Task, { subjectId: patronId, kind: 'email-failing' });
  const settle = (actor: `staff:${string}`) =>
    bench.activities.settleTask({ taskId: task.id, actor, operation: uuid(), now });
  const answers = await Promise.all([settle('staff:a'), settle('staff:b')]);
  const won = answers.findIndex((answer) => 'taskId' in answer);
  expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(1);
  expect(await em().findOneOrFail(Task, { id: task.id })).toMatchObject({
    resolvedBy: `staff:${'ab'.charAt(won)}`,
    outcome: 'settled',
  });
});
