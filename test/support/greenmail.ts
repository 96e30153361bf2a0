import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../dev/ports.ts';
import { lastLine, runProgram } from '../../dev/run-program.ts';

const version = '2.1.13';
const folder = '.carrel/cache';

/**
 * GreenMail, a real IMAP server in Java: from GREENMAIL_JAR, kept from an earlier run, or fetched by Maven. On a machine that has no Java, or cannot fetch it, why not:
 * the tests that need it are then skipped and say so.
 */
export async function findGreenMail(): Promise<{ jar: string } | { missing: string }> {
  if (!(await runProgram('java', ['-version'])).ok) return { missing: 'there is no Java' };
  const jar = process.env.GREENMAIL_JAR ?? join(folder, `greenmail-standalone-${version}.jar`);
  if (existsSync(jar)) return { jar };
  await mkdir(folder, { recursive: true });
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
  const wanted = `-Dartifact=com.icegreen:greenmail-standalone:${version}`;
  const fetched = await runProgram('mvn', ['-q', '-B', copy, wanted, `-DoutputDirectory=${folder}`], {
    timeout: 240_000,
  });
  return existsSync(jar) ? { jar } : { missing: `GreenMail was not fetched: ${lastLine(fetched.stderr)}` };
}

export const mailboxUser = { user: 'bounces', password: 'secret' };

export interface ImapServer {
  readonly port: number;
  /** As if the machine had lost power: everything in it is gone, too. */
  readonly kill: () => Promise<void>;
}

/** Starts the server with one empty mailbox, on a given port or any free one. */
export async function startGreenMail(jar: string, at?: number): Promise<ImapServer> {
  const port = at ?? (await freePort());
  const { user, password } = mailboxUser;
  const options = [
    `-Dgreenmail.imap.port=${port}`,
    '-Dgreenmail.imap.hostname=127.0.0.1',
    `-Dgreenmail.users=${user}:${password}@library.example`,
    '-Dgreenmail.users.login=local_part',
    '-Xmx128m',
  ];
  const server = spawn('java', [...options, '-jar', jar], { stdio: 'ignore' });
  await answers(port, server);
  return {
    port,
    kill: async () => {
      if (server.exitCode !== null) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}

async function answers(port: number, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    if (server.exitCode !== null) throw new Error('The IMAP server ended at once.');
    const socket = connect(port, '127.0.0.1');
    const greeted = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (greeted) return;
    await sleep(100);
  }
  throw new Error('The IMAP server does not answer.');
}
