import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { pino } from 'pino';
import { type Bounces, startBounces } from '../../bounces/run.ts';
import { freePort } from '../../dev/ports.ts';
import { Bounce, Notice } from '../../db/entities/index.ts';
import { returnAddress, returnToken } from '../../domain/return-address.ts';
import { type Carrel, secret, startCarrel, until } from '../support/carrel.ts';
import { createDesks, type Desks } from '../support/desk.ts';
import { findGreenMail, type ImapServer, mailboxUser, startGreenMail } from '../support/greenmail.ts';
import { ImapFlow } from 'imapflow';
import { mailTo } from './mails.ts';

const found = await findGreenMail();
const jar = 'jar' in found ? found.jar : undefined;

let carrel: Carrel;
let desks: Desks;
let server: ImapServer | undefined;
let workers: Bounces[] = [];
const listenPort = await freePort();

beforeAll(async () => {
  carrel = await startCarrel();
  desks = createDesks(carrel);
  server = jar === undefined ? undefined : await startGreenMail(jar);
  const { orm, client, taskQueue, policies } = carrel;
  const deps = { orm, client, taskQueue, policies, secret, logger: pino({ level: 'silent' }) };
  const at = {
    host: '127.0.0.1',
    secure: false,
    folder: 'INBOX',
    done: 'Carrel/Done',
    unknown: 'Carrel/Unknown',
  };
  const imap = server && { ...at, ...mailboxUser, port: server.port };
  const listen = { host: '127.0.0.1', port: listenPort, lmtp: false };
  workers = [
    await startBounces({ listen, ...(imap && { imap }) }, deps),
    await startBounces(imap ? { imap } : {}, deps),
  ];
}, 90_000);

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await server?.kill();
  await carrel?.stop();
});

async function mailed() {
  const patron = await desks.build.patron();
  const desk = await desks.staff('desk');
  const { body } = await desk.post(`/v1/staff/patrons/${patron.id}/test-mails`);
  const look = () => carrel.orm.em.fork().findOneOrFail(Notice, { id: body.noticeId });
  const { id } = await until(look, ({ state }) => state === 'sent');
  return { id, to: returnAddress(carrel.policy.sender.returnPath ?? '', returnToken(secret, id)) };
}

const decided = (noticeId: string) =>
  until(
    () => carrel.orm.em.fork().find(Bounce, { noticeId }),
    (rows) => rows.length > 0 && rows.every(({ effect }) => effect),
  );

test('N4 a mail server without LMTP hands a report on by SMTP, and the figures count it', async () => {
  const { id, to } = await mailed();
  const smtp = createTransport({ host: '127.0.0.1', port: listenPort, ignoreTLS: true });
  await smtp.sendMail({ envelope: { from: '', to }, raw: Buffer.from(mailTo('exim', to)) });
  smtp.close();
  expect(await decided(id)).toMatchObject([{ via: 'lmtp', outcome: 'hard', effect: 'failing' }]);
  expect(await workers[0]?.metrics()).toContain('carrel_returned_mails_total{via="lmtp",taken="recorded"} 1');
});

(jar ? describe : describe.skip)(
  `two workers (${'missing' in found ? `skipped, since ${found.missing}` : 'on GreenMail'})`,
  () => {
    test('N4 two workers that read one mailbox count a report once', async () => {
      const { id, to } = await mailed();
      const { user, password: pass } = mailboxUser;
      const auth = { user, pass };
      const port = server?.port ?? 0;
      const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth, logger: false });
      await client.connect();
      await client.append('INBOX', Buffer.from(mailTo('postfix-unknown-user', to)));
      expect(await decided(id)).toMatchObject([{ via: 'imap', outcome: 'hard' }]);
      const inbox = async () => (await client.status('INBOX', { messages: true })) || undefined;
      await until(inbox, (box) => box?.messages === 0);
      await client.logout();
      expect(await carrel.orm.em.fork().count(Bounce, { noticeId: id })).toBe(1);
      for (const worker of workers)
        await until(worker.metrics, (text) => text.includes('carrel_returned_mailbox_connected 1'));
    }, 60_000);
  },
);
