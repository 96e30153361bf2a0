import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import type { Logger } from 'pino';
import type { Intake } from './intake.ts';

export interface ImapOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  /** Where mail that comes back arrives. */
  readonly folder: string;
  /** Where mail goes that was recorded or does not count, and where what was not understood; made if they are not there. */
  readonly done: string;
  readonly unknown: string;
  /** How long to wait for news of new mail before looking anyway, and between attempts to connect at first; milliseconds. */
  readonly lookEvery?: number;
  readonly retryAfter?: number;
}

export interface ImapIntake {
  /** Whether the mailbox is open at present. */
  readonly isConnected: () => boolean;
  /** Finishes the mail in hand and logs out. */
  readonly stop: () => Promise<void>;
}

interface Context {
  readonly options: ImapOptions;
  readonly intake: Intake;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  connected: boolean;
}

/** A report longer than this is read as far as here. */
const largest = 2 * 1024 * 1024;
const longestRetryMs = 5 * 60_000;
const usual = { lookEvery: 60_000, retryAfter: 2_000 };

/**
 * Reads a mailbox for mail that comes back (N4), for as long as the process lives: connects again whenever the connection is lost, waits for news from the server, and moves each mail
 * once it is dealt with. A mail that cannot be recorded now stays where it is. Read twice – the process died before the move, two workers share the mailbox – it counts
 * once, since reports have keys.
 */
export function startImapIntake(options: ImapOptions, deps: { intake: Intake; logger: Logger }): ImapIntake {
  const end = new AbortController();
  const context: Context = { options, ...deps, signal: end.signal, connected: false };
  const running = keepReading(context);
  return {
    isConnected: () => context.connected,
    stop: async () => {
      end.abort();
      await running;
    },
  };
}

async function keepReading(context: Context): Promise<void> {
  const { signal, logger, options } = context;
  const first = options.retryAfter ?? usual.retryAfter;
  let wait = first;
  while (!signal.aborted) {
    try {
      await session(context, () => (wait = first));
    } catch (error) {
      logger.warn({ error: nameOf(error), retryInMs: wait }, 'the mailbox of returned mail is out of reach');
    }
    context.connected = false;
    await pause(wait, signal);
    wait = Math.min(wait * 2, longestRetryMs);
  }
}

/** One connection, from log-in until it ends. */
async function session(context: Context, opened: () => void): Promise<void> {
  const { options, signal } = context;
  const client = clientFor(options);
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  // Without a listener an error of the socket would end the process; the command under way, or `closed`, tells of it as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const done = await folder(client, options.done);
    const unknown = await folder(client, options.unknown);
    const bell = doorbell(client);
    await client.mailboxOpen(options.folder);
    context.connected = true;
    opened();
    while (client.usable && !signal.aborted) {
      await readAll(client, context, { done, unknown });
      await bell.wait(options.lookEvery ?? usual.lookEvery, closed, signal);
    }
  } finally {
    await client.logout().catch(() => client.close());
  }
}

interface Folders {
  readonly done: string;
  readonly unknown: string;
}

/** The folder with this path, written with slashes; made if it is not there. Answers its path as the server writes it. */
async function folder(client: ImapFlow, path: string): Promise<string> {
  const there = (await client.list()).find((each) => each.path.split(each.delimiter).join('/') === path);
  return there?.path ?? (await client.mailboxCreate(path.split('/'))).path;
}

function clientFor({ host, port, secure, user, password }: ImapOptions): ImapFlow {
  return new ImapFlow({
    host,
    port,
    secure,
    auth: { user, pass: password },
    logger: false,
    disableCompression: true,
    autoIdleDelay: 200,
    maxIdleTime: 5 * 60_000,
    connectionTimeout: 20_000,
    maxLiteralSize: 2 * largest,
    maxLineLength: largest,
  });
}

/** Takes every mail in the folder, the oldest first. One that cannot be recorded now stays; the others are not kept waiting by it. */
async function readAll(
  client: ImapFlow,
  { intake, logger, signal }: Context,
  folders: Folders,
): Promise<void> {
  const uids = (await client.search({ all: true }, { uid: true })) || [];
  for (const uid of uids) {
    if (signal.aborted) return;
    const mail = await client.fetchOne(String(uid), { source: { maxLength: largest } }, { uid: true });
    if (!mail || !mail.source) continue;
    const taken = await intake({ raw: mail.source, via: 'imap' }).catch((error: unknown) => {
      logger.error({ error: nameOf(error) }, 'a report could not be recorded; it stays in the mailbox');
    });
    if (taken)
      await client.messageMove(String(uid), taken === 'unknown' ? folders.unknown : folders.done, {
        uid: true,
      });
  }
}

/** Rings when the server tells of new mail, also while the mail before is still being read. */
function doorbell(client: ImapFlow) {
  let rung = false;
  let answer: () => void = () => undefined;
  client.on('exists', () => {
    rung = true;
    answer();
  });
  return {
    /** Until it has rung since the last time, `closed` has come, or the time is over. */
    wait: async (ms: number, closed: Promise<void>, signal: AbortSignal) => {
      const over = new AbortController();
      const told = new Promise<void>((resolve) => (answer = resolve));
      if (!rung) await Promise.race([told, closed, pause(ms, AbortSignal.any([signal, over.signal]))]);
      rung = false;
      over.abort();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** No address, no password: what the library calls its errors. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, serverResponseCode, responseStatus } = error as Partial<Record<string, unknown>> & Error;
  return [code, serverResponseCode, responseStatus].filter(Boolean).join(' ') || error.name;
}
