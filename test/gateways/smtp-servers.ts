import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Received {
  readonly recipients: readonly string[];
  /** The bytes as they came, one character each. */
  readonly raw: string;
}

export interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** An error as smtp-server turns it into a reply: code and text. */
export function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function listening(server: net.Server, close: () => void): Promise<Listening> {
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    close: async () => {
      const closed = once(server, 'close');
      close();
      await closed;
    },
  };
}

/** A real mail server that keeps what it takes; options bend it. */
export async function startMailServer(
  received: Received[],
  options: SMTPServerOptions = {},
): Promise<Listening> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ recipients, raw: Buffer.concat(chunks).toString('latin1') });
        callback(null, 'Message queued as 4711');
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  return listening(server.server, () => server.close());
}

/** A server made of one function per connection, for what a proper one never does. */
export async function startRawServer(talk: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    talk(socket);
  });
  server.listen(0, '127.0.0.1');
  return listening(server, () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const { port, close } = await startRawServer(() => {});
  await close();
  return port;
}

/** Talks SMTP up to the end of the message, then does as told. */
export function untilMessageIn(atEnd: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    socket.write('220 ready\r\n');
    socket.on('data', (chunk) => {
      const line = chunk.toString();
      if (line.endsWith('\r\n.\r\n')) atEnd(socket);
      else if (line.startsWith('DATA')) socket.write('354 go ahead\r\n');
      else if (/^(EHLO|MAIL|RCPT|RSET)/.test(line)) socket.write('250 fine\r\n');
    });
  };
}
