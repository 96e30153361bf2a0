import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bounce, Event, Hold, Notice, Patron, Task } from '../../db/entities/index.ts';
import { checkInvariants } from '../../db/invariants/check.ts';
import { returnAddress, returnToken } from '../../domain/return-address.ts';
import { mailTo } from '../bounces/mails.ts';
import { returnedMail } from '../support/bounces.ts';
import { type Carrel, secret, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { createReaders } from '../support/readers.ts';

let carrel: Carrel;
let desks: Desks;
let desk: Console;
let readers: ReturnType<typeof createReaders>;
let returned: Awaited<ReturnType<typeof returnedMail>>;

beforeAll(async () => {
  carrel = await startCarrel();
  desks = createDesks(carrel);
  readers = createReaders(carrel);
  desk = await desks.staff('desk');
  returned = await returnedMail(carrel);
}, 60_000);

afterAll(async () => {
  await returned?.close();
  await carrel?.stop();
});

const rows = () => carrel.orm.em.fork();
const patronRow = (id: string) => rows().findOneOrFail(Patron, { id });
const holdRow = (id: string) => rows().findOneOrFail(Hold, { id });
const pattern = () => carrel.policy.sender.returnPath ?? '';
const addressOf = (noticeId: string) => returnAddress(pattern(), returnToken(secret, noticeId));

/** A copy kept for a reader who has been mailed. */
async function mailed() {
  const { title, item } = await desks.lentTitle(desk);
  const patron = await desks.build.patron();
  const hold = await desks.hold(desk, patron, title, { contact: 'mail' });
  await desks.takeBack(desk, item);
  await until(
    () => holdRow(hold.id),
    ({ contactedAt }) => contactedAt !== null,
  );
  const notice = await rows().findOneOrFail(Notice, { subjectId: hold.id, kind: 'secured' });
  return { patron, holdId: hold.id as string, notice };
}

/** A test mail that the mail server has taken over. */
async function tested(patronId: string) {
  const { body } = await desk.post(`/v1/staff/patrons/${patronId}/test-mails`);
  return until(
    () => rows().findOneOrFail(Notice, { id: body.noticeId }),
    ({ state }) => state === 'sent',
  );
}

/** Comes back as this, and is dealt with. */
async function comesBack(noticeId: string, name: string): Promise<Bounce> {
  const before = await rows().count(Bounce, { noticeId });
  await returned.handOn(mailTo(name, addressOf(noticeId)), addressOf(noticeId));
  const all = () => rows().find(Bounce, { noticeId }, { orderBy: { receivedAt: 'desc' } });
  const found = await until(
    all,
    (bounces) => bounces.length > before && bounces.every(({ effect }) => effect),
  );
  return found[0] as Bounce;
}

const openTask = (subjectId: string, kind: string) =>
  rows().findOne(Task, { subjectId, kind, resolvedAt: null });

describe('mail that comes back', () => {
  test('N4 every mail goes out with a return address of its own', async () => {
    const { patron, notice } = await mailed();
    const mail = await desks.mailTo(patron.email, /Ready|ready/);
    expect(mail.from).toBe(addressOf(notice.id));
    expect(mail.raw).toContain('From: Carrel Demonstration Library <no-reply@demo.library.example>');
    expect(mail.raw.split('\r\n\r\n')[0]?.replace(/^Return-Path:.*/i, '')).not.toContain('bounce+');
  });

  test('A11 a mail that nobody gets marks the address, tells reader and staff, and the library phones instead (H6)', async () => {
    const { patron, holdId, notice } = await mailed();
    const before = await holdRow(holdId);
    expect(before.keepUntil).not.toBeNull();
    expect(await comesBack(notice.id, 'postfix-unknown-user')).toMatchObject({
      outcome: 'hard',
      status: '5.1.1',
      effect: 'failing',
      via: 'lmtp',
      diagnostic: expect.stringContaining('User unknown'),
    });

    expect(await patronRow(patron.id)).toMatchObject({
      emailState: 'failing',
      emailReason: 'bounced',
      email: patron.email,
    });
    expect(await holdRow(holdId)).toMatchObject({ state: 'secured', contactedAt: null, keepUntil: null });
    const call = await openTask(holdId, 'phone-reader');
    expect(await openTask(patron.id, 'email-failing')).not.toBeNull();

    const reader = await readers.signedIn(patron.id);
    expect((await reader.get('/v1/me/email')).body).toMatchObject({
      state: 'failing',
      reason: 'bounced',
      reasonText: 'Mail to the address comes back.',
    });
    const inbox = (await reader.get('/v1/me/notices')).body.items;
    expect(inbox[0]).toMatchObject({ kind: 'email-failing', state: 'shown', channel: 'message' });
    expect((await reader.get(`/v1/me/notices/${notice.id}`)).body).toMatchObject({
      state: 'sent',
      returned: 'hard',
    });
    const seen = await desk.get(`/v1/staff/patrons/${patron.id}/notices`);
    expect(seen.body.items.find(({ id }: { id: string }) => id === notice.id)).toMatchObject({
      returned: 'hard',
      returnedText: 'the address cannot be reached',
    });
    const file = await desk.get(`/v1/staff/patrons/${patron.id}/email`);
    expect(file.body).toMatchObject({
      lastMail: { to: patron.email, noticeId: notice.id },
      bounces: [
        { outcome: 'hard', status: '5.1.1', to: patron.email, outcomeText: 'the address cannot be reached' },
      ],
    });

    const done = await desk.post(`/v1/staff/tasks/${call?.id}/resolution`, { outcome: 'reached' });
    expect(done.status).toBe(200);
    const after = await holdRow(holdId);
    expect(after.contactedAt?.getTime()).toBeGreaterThan(before.contactedAt?.getTime() ?? 0);
    expect(after.keepUntil).not.toBeNull();
    const told = await rows().find(Event, { subjectId: holdId });
    expect(told.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['contacted-by-mail', 'mail-bounced', 'contact-undone', 'call-reached']),
    );
  });

  test('N4 the same report handed on twice counts once', async () => {
    const { notice } = await mailed();
    await comesBack(notice.id, 'qmail');
    await returned.handOn(mailTo('qmail', addressOf(notice.id)), addressOf(notice.id));
    expect(await rows().count(Bounce, { noticeId: notice.id })).toBe(1);
    expect(await rows().count(Event, { subjectId: notice.subjectId, kind: 'mail-bounced' })).toBe(1);
  });

  test('A11 to a failing address nothing is mailed: the next copy means a call at once', async () => {
    const patron = await desks.build.patron({ emailState: 'failing' });
    const { title, item } = await desks.lentTitle(desk);
    const refused = await desk.post('/v1/staff/holds', {
      card: patron.card,
      titleId: title.id,
      pickupPlace: desks.branch,
      contact: 'mail',
    });
    expect(refused.status).toBe(409);
    await desks.sql(`update patron set email_state = 'confirmed' where id = ?`, [patron.id]);
    const hold = await desks.hold(desk, patron, title, { contact: 'mail' });
    await desks.sql(`update patron set email_state = 'failing' where id = ?`, [patron.id]);
    await desks.takeBack(desk, item);
    await until(
      () => openTask(hold.id, 'phone-reader'),
      (task) => task !== null,
    );
    const notice = await rows().findOneOrFail(Notice, { subjectId: hold.id, kind: 'secured' });
    expect(notice).toMatchObject({ channel: 'message', recipient: null });
  });

  test('A11 a mail that waits while its address turns out to fail becomes a message and a call', async () => {
    const patron = await desks.build.patron();
    const first = await tested(patron.id);
    const { title, item } = await desks.lentTitle(desk);
    const hold = await desks.hold(desk, patron, title, { contact: 'mail' });
    carrel.mailbox.behave((to) => (to === patron.email ? { code: 451, message: '4.3.0 later' } : undefined));
    await desks.takeBack(desk, item);
    const waiting = () => rows().findOneOrFail(Notice, { subjectId: hold.id, kind: 'secured' });
    await until(waiting, ({ failures }) => failures > 0);
    await comesBack(first.id, 'docomo');
    carrel.mailbox.behave();
    expect(await until(waiting, ({ state }) => state !== 'queued')).toMatchObject({
      state: 'shown',
      channel: 'message',
    });
    expect(await openTask(hold.id, 'phone-reader')).not.toBeNull();
    expect(
      carrel.mailbox.messages.filter(
        ({ to, subject }) => to.includes(patron.email ?? '') && /eady/.test(subject),
      ),
    ).toEqual([]);
  });

  test('A11 a full mailbox does not mark the address, several in a row do; the reader is phoned all the same', async () => {
    const { patron, holdId, notice } = await mailed();
    expect(await comesBack(notice.id, 'netease-full')).toMatchObject({ outcome: 'soft', effect: 'counted' });
    expect((await patronRow(patron.id)).emailState).toBe('confirmed');
    expect(await openTask(holdId, 'phone-reader')).not.toBeNull();

    const arrived = await tested(patron.id);
    for (let n = 1; n < carrel.policy.mail.softBounces; n += 1) {
      expect(await comesBack((await tested(patron.id)).id, 'netease-full')).toMatchObject({
        effect: 'counted',
      });
    }
    expect((await patronRow(patron.id)).emailState).toBe('confirmed');
    expect(await comesBack(arrived.id, 'netease-full')).toMatchObject({ effect: 'failing' });
    expect(await patronRow(patron.id)).toMatchObject({ emailState: 'failing', emailReason: 'bounced-often' });
  });

  test('N4 a delay, a vacation reply and a challenge change nothing', async () => {
    const { patron, holdId, notice } = await mailed();
    const before = await holdRow(holdId);
    expect(await comesBack(notice.id, 'postfix-delayed')).toMatchObject({
      outcome: 'delayed',
      effect: 'noted',
    });
    for (const name of ['vacation', 'vacation-japanese', 'challenge', 'person', 'sendmail-relayed'])
      await returned.handOn(mailTo(name, addressOf(notice.id)), addressOf(notice.id));
    expect(await rows().count(Bounce, { noticeId: notice.id })).toBe(1);
    expect((await patronRow(patron.id)).emailState).toBe('confirmed');
    expect((await holdRow(holdId)).keepUntil).toEqual(before.keepUntil);
  });

  test('A11 an address confirmed anew counts, and what came back from before does not', async () => {
    const { patron, notice } = await mailed();
    const late = await tested(patron.id);
    await comesBack(notice.id, 'exim');
    const { body } = await desk.post(`/v1/staff/patrons/${patron.id}/email-confirmations`, {
      email: patron.email,
    });
    const mail = await desks.mailTo(patron.email, /confirm/);
    const [, link] = /#([\w-]{43})/.exec(mail.text) ?? [];
    await carrel.call(undefined, 'POST', `/v1/email-confirmations/${body.id}`, { secret: link });
    expect(await patronRow(patron.id)).toMatchObject({ emailState: 'confirmed', emailReason: null });
    expect(await openTask(patron.id, 'email-failing')).toBeNull();
    expect(await comesBack(late.id, 'postfix-no-such-domain')).toMatchObject({
      outcome: 'hard',
      effect: 'noted',
    });
    expect((await patronRow(patron.id)).emailState).toBe('confirmed');
  });

  test('N4 the listener takes mail to return addresses only, and of a size reports have', async () => {
    const raw = mailTo('qmail', 'somebody@demo.library.example');
    await expect(returned.handOn(raw, 'somebody@demo.library.example')).rejects.toMatchObject({
      responseCode: 550,
    });
    const noticeId = '0190b0a4-0000-7000-8000-000000000009';
    const large = Buffer.concat([raw, Buffer.alloc(3 * 1024 * 1024, 'x')]);
    await expect(returned.handOn(large, addressOf(noticeId))).rejects.toMatchObject({ responseCode: 552 });
    const forged = returnAddress(pattern(), returnToken('the secret of somebody else altogether', noticeId));
    await returned.handOn(mailTo('qmail', forged), forged);
  });

  test('N4 a report that cannot be recorded now is not taken, so that it is offered again', async () => {
    const { notice } = await mailed();
    const smtp = await returnedMail(
      {
        ...carrel,
        orm: {
          em: {
            fork: () => {
              throw new Error('no database');
            },
          },
        } as never,
      },
      false,
    );
    await expect(
      smtp.handOn(mailTo('qmail', addressOf(notice.id)), addressOf(notice.id)),
    ).rejects.toMatchObject({ responseCode: 451 });
    await smtp.close();
    expect(await rows().count(Bounce, { noticeId: notice.id })).toBe(0);
  });

  test('A11 after all of this every invariant holds', async () => {
    const checked = await checkInvariants(carrel.orm, {
      policies: carrel.policies.all(),
      now: Date.now(),
      grace: 'PT5M',
    });
    const broken = checked.filter(({ violations, reportOnly }) => violations > 0 && !reportOnly);
    expect(broken.map(({ name, ids }) => ({ name, ids }))).toEqual([]);
  });
});
