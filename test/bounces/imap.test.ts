import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import { pino } from 'pino';
import { type ImapIntake, startImapIntake } from '../../bounces/imap.ts';
import type { Intake, Taken } from '../../bounces/intake.ts';
import { until } from '../support/carrel.ts';
import { findGreenMail, type ImapServer, mailboxUser, startGreenMail } from '../support/greenmail.ts';
import { mailTo } from './mails.ts';

const found = await findGreenMail();
const jar = 'jar' in found ? found.jar : '';
const where = 'missing' in found ? `skipped, since ${found.missing}` : 'on GreenMail';

let server: ImapServer;
const running: ImapIntake[] = [];

interface Scene {
  readonly seen: string[];
  taken: Taken | 'fails';
}

/** Reads the mailbox, and answers what the scene says. */
function read(scene: Scene, given: { port?: number; password?: string } = {}): ImapIntake {
  const intake: Intake = async ({ raw }) => {
    const text = Buffer.from(raw).toString('latin1');
    scene.seen.push(/^Message-I[dD]: <(.*)>/m.exec(text)?.[1] ?? '');
    if (scene.taken === 'fails') throw new Error('not now');
    return scene.taken;
  };
  const options = {
    ...mailboxUser,
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    folder: 'INBOX',
    done: 'Carrel/Done',
    unknown: 'Carrel/Unknown',
    lookEvery: 1_000,
    retryAfter: 100,
    ...given,
  };
  const reading = startImapIntake(options, { intake, logger: pino({ level: 'silent' }) });
  running.push(reading);
  return reading;
}

async function onServer<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const { user, password: pass } = mailboxUser;
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    auth: { user, pass },
    logger: false,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}

const put = (...names: string[]) =>
  onServer(async (client) => {
    for (const name of names)
      await client.append('INBOX', Buffer.from(mailTo(name, 'bounce@library.example')));
  });

/** By the last part of the name: each server has a mark of its own between the parts. */
const countIn = (name: string) =>
  onServer(async (client) => {
    const folder = (await client.list()).find((each) => each.name === name);
    const status = folder && (await client.status(folder.path, { messages: true }));
    return status ? (status.messages ?? 0) : 0;
  }).catch(() => 0);

const counts = async () => ({
  inbox: await countIn('INBOX'),
  done: await countIn('Done'),
  unknown: await countIn('Unknown'),
});

const settled = (wanted: object) => (seen: object) => isDeepStrictEqual(seen, wanted);

(jar ? describe : describe.skip)(`N4 reading a mailbox (${where})`, () => {
  beforeAll(async () => {
    server = await startGreenMail(jar);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await server.kill();
    server = await startGreenMail(jar);
  }, 60_000);
  afterAll(() => server?.kill());

  test('N4 takes what is there and what comes, and files each by what it was', async () => {
    await put('qmail', 'exim');
    const scene: Scene = { seen: [], taken: 'recorded' };
    const reading = read(scene);
    await until(counts, settled({ inbox: 0, done: 2, unknown: 0 }));
    expect(reading.isConnected()).toBe(true);
    scene.taken = 'unknown';
    await put('person');
    await until(counts, settled({ inbox: 0, done: 2, unknown: 1 }));
    scene.taken = 'ignored';
    await put('vacation');
    await until(counts, settled({ inbox: 0, done: 3, unknown: 1 }));
    expect(scene.seen).toHaveLength(4);
    expect(new Set(scene.seen).size).toBe(4);
  }, 60_000);

  test('N4 what cannot be recorded stays, and is offered again until it can', async () => {
    await put('qmail', 'exim');
    const scene: Scene = { seen: [], taken: 'fails' };
    read(scene);
    await until(
      async () => scene.seen.length,
      (n) => n >= 4,
    );
    expect((await counts()).inbox).toBe(2);
    scene.taken = 'recorded';
    await until(counts, settled({ inbox: 0, done: 2, unknown: 0 }));
  }, 60_000);

  test('N4 a reader that stopped before it filed a mail finds it again', async () => {
    await put('qmail');
    const scene: Scene = { seen: [], taken: 'fails' };
    const first = read(scene);
    await until(
      async () => scene.seen.length,
      (n) => n >= 1,
    );
    await first.stop();
    expect(first.isConnected()).toBe(false);
    const again: Scene = { seen: [], taken: 'recorded' };
    read(again);
    await until(counts, settled({ inbox: 0, done: 1, unknown: 0 }));
    expect(again.seen[0]).toBe(scene.seen[0]);
  }, 60_000);

  test('N4 a server that goes away is found again when it comes back', async () => {
    const scene: Scene = { seen: [], taken: 'recorded' };
    const reading = read(scene);
    await until(async () => reading.isConnected(), Boolean);
    const { port } = server;
    await server.kill();
    await until(
      async () => reading.isConnected(),
      (connected) => !connected,
    );
    server = await startGreenMail(jar, port);
    await put('docomo');
    await until(
      async () => scene.seen.length,
      (n) => n === 1,
    );
    await until(counts, settled({ inbox: 0, done: 1, unknown: 0 }));
  }, 60_000);

  test('N4 a wrong password is tried again, and stopping does not wait for it', async () => {
    const scene: Scene = { seen: [], taken: 'recorded' };
    const reading = read(scene, { password: 'wrong' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(reading.isConnected()).toBe(false);
    const begun = Date.now();
    await reading.stop();
    expect(Date.now() - begun).toBeLessThan(30_000);
  }, 30_000);
});
