import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { readMails, storeMail, type Mail } from './mail-store.ts';

/** How the mailbox treats a recipient instead of accepting: an SMTP refusal, a delay before accepting, or a lost connection. */
export type Treatment = { code: number; message: string } | { delayMs: number } | 'drop';
export type Behaviour = (address: string) => Treatment | undefined;

export interface MailboxOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Where mails are kept as .eml files; without it, in memory only. */
  folder?: string;
  onRecipient?: Behaviour;
  /** Asked when a mail's content has come, before it is accepted: "drop" keeps the mail and loses the answer. */
  onContent?: Behaviour;
}

export interface Mailbox {
  /** For SMTP_URL. */
  url: string;
  /** All mails of this run and, with a folder, the newest of earlier ones; oldest first. */
  messages: Mail[];
  /** Changes how recipients are treated from now on; no argument: accept all. */
  behave(onRecipient?: Behaviour, onContent?: Behaviour): void;
  /** The first mail, come or still to come, that fits. Rejects after `timeoutMs`, saying what came instead. */
  waitFor(fits: (mail: Mail) => boolean, timeoutMs?: number): Promise<Mail>;
  stop: () => Promise<void>;
}

const keptOfEarlierRuns = 500;

/** A real SMTP server for development and tests that delivers nothing: it keeps what it is given. */
export async function openMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { folder } = options;
  const messages = folder === undefined ? [] : await readMails(folder, keptOfEarlierRuns);
  let treat = { recipient: options.onRecipient, content: options.onContent };
  const sockets = new Map<number, Socket>();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: 25 * 1024 * 1024,
    onRcptTo(address, session, answer) {
      void apply(treat.recipient?.(address.address), socketOf(session)).then(answer);
    },
    onData(stream, session, answer) {
      void receive(stream, session).then(answer, answer);
    },
  });

  async function receive(
    stream: AsyncIterable<Buffer>,
    session: SMTPServerSession,
  ): Promise<Error | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    };
    const treatment = treat.content?.(envelope.to[0] ?? '');
    if (typeof treatment !== 'object' || !('code' in treatment)) {
      messages.push(await storeMail(Buffer.concat(chunks).toString('utf8'), envelope, new Date(), folder));
    }
    return await apply(treatment, socketOf(session));
  }

  const socketOf = (session: SMTPServerSession) => sockets.get(session.remotePort);
  const port = await listen(smtp, options.port ?? 0, sockets);
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    behave(recipient, content) {
      treat = { recipient, content };
    },
    waitFor: (fits, timeoutMs = 60_000) => waitFor(messages, fits, timeoutMs),
    stop: () => close(smtp, sockets),
  };
}

async function apply(
  treatment: Treatment | undefined,
  socket: Socket | undefined,
): Promise<Error | undefined> {
  if (treatment === undefined) return undefined;
  if (treatment === 'drop') {
    socket?.destroy();
    return undefined;
  }
  if ('code' in treatment)
    return Object.assign(new Error(treatment.message), { responseCode: treatment.code });
  await sleep(treatment.delayMs);
  return undefined;
}

function listen(smtp: SMTPServer, port: number, sockets: Map<number, Socket>): Promise<number> {
  return new Promise((resolve, reject) => {
    smtp.server.on('connection', (socket: Socket) => {
      const remotePort = socket.remotePort ?? 0;
      sockets.set(remotePort, socket);
      socket.once('close', () => sockets.delete(remotePort));
    });
    smtp.once('error', reject);
    const server: Server = smtp.listen(port, '127.0.0.1', () => {
      // A client that vanishes in the middle of a mail is an everyday event and not an error of the mailbox.
      smtp.off('error', reject).on('error', () => undefined);
      const bound = server.address();
      resolve(typeof bound === 'object' ? (bound?.port ?? port) : port);
    });
  });
}

function close(smtp: SMTPServer, sockets: Map<number, Socket>): Promise<void> {
  return new Promise((resolve) => {
    smtp.close(() => resolve());
    for (const socket of sockets.values()) socket.destroy();
  });
}

async function waitFor(messages: Mail[], fits: (mail: Mail) => boolean, timeoutMs: number): Promise<Mail> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = messages.find(fits);
    if (found !== undefined) return found;
    if (Date.now() > deadline) {
      const came = messages.map((mail) => `"${mail.subject}" to ${mail.to.join(', ')}`).join('; ');
      throw new Error(
        `The mail that was waited for did not come within ${timeoutMs} ms; what came: ${came || 'nothing'}.`,
      );
    }
    await sleep(25);
  }
}
