import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { isReturnAddress, type ReturnAddresses } from './find-notice.ts';
import type { Intake } from './intake.ts';

export interface LmtpOptions {
  readonly host: string;
  readonly port: number;
  /** LMTP (RFC 2033), as mail servers hand on locally; otherwise SMTP. */
  readonly lmtp: boolean;
}

export interface LmtpDeps {
  readonly addresses: Pick<ReturnAddresses, 'patterns'>;
  readonly intake: Intake;
  readonly logger: Logger;
}

export interface Listener {
  readonly port: number;
  /** Takes no more mail; what is under way is answered first. */
  readonly close: () => Promise<void>;
}

/** A report with the headers of one of our mails has a few kilobytes; some return the mail with all their own logos. */
const largest = 2 * 1024 * 1024;
const mostRecipients = 10;

/**
 * Listens for mail that comes back (N4), for the library's own mail server to hand on to. Takes only mail to return addresses, of a size reports have; answers 250 once the
 * report is recorded or is known not to count, and 451 when it cannot be recorded now, so that the server offers it again.
 */
export async function listenForBounces(
  { host, port, lmtp }: LmtpOptions,
  { addresses, intake, logger }: LmtpDeps,
): Promise<Listener> {
  const server = new SMTPServer({
    lmtp,
    size: largest,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients: 20,
    socketTimeout: 60_000,
    closeTimeout: 10_000,
    onRcptTo({ address }, session, answer) {
      answer(recipientFault(addresses, address, session));
    },
    onData(stream, session, answer) {
      receive(stream, session, intake).then(
        () => answer(null, 'taken'),
        (error: unknown) => answer(faultOf(error, logger)),
      );
    },
  });
  server.on('error', (error: Error) => logger.warn({ error: error.message }, 'a connection with mail broke'));
  server.listen(port, host);
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

class Refusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

function recipientFault(
  addresses: Pick<ReturnAddresses, 'patterns'>,
  address: string,
  session: SMTPServerSession,
): Error | null {
  if (!isReturnAddress(addresses, address)) return new Refusal(550, '5.1.1 There is no such address here.');
  const many = session.envelope.rcptTo.length >= mostRecipients;
  return many ? new Refusal(452, '4.5.3 Too many recipients.') : null;
}

async function receive(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  intake: Intake,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= largest) chunks.push(chunk);
  }
  if (size > largest) throw new Refusal(552, '5.3.4 The mail is too large for a report.');
  const recipients = session.envelope.rcptTo.map(({ address }) => address);
  await intake({ raw: Buffer.concat(chunks), recipients, via: 'lmtp' });
}

function faultOf(error: unknown, logger: Logger): Error {
  if (error instanceof Refusal) return error;
  logger.error(
    { error: error instanceof Error ? error.message : 'unknown' },
    'a report could not be recorded',
  );
  return new Refusal(451, '4.3.0 Not now; please try again later.');
}
