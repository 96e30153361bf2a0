import { createTransport, type NodemailerError, type SMTPPoolOptions } from 'nodemailer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { deliverableForm, isMailAddress, type Mailbox } from './mail-address.ts';

/** A file that goes with a mail. */
export interface Attachment {
  /** The file's name; letters, digits, dots and hyphens. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface MailMessage {
  /** With its angle brackets, see `messageIdFor`. */
  readonly messageId: string;
  readonly from: Mailbox;
  readonly to: Mailbox;
  /** Where reports about the mail go (RFC 5321 MAIL FROM); the sender's address unless given. */
  readonly returnTo?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** BCP 47 tag. */
  readonly language: string;
  readonly attachments?: readonly Attachment[];
}

/**
 * What the mail server said. `permanent`: it refused this recipient or this message, and would again; anything else – no connection, a fault of ours
 * such as a wrong password, a full mailbox – is worth another attempt. `code` is the SMTP reply code, `response` is for the record, not for readers.
 */
export type MailOutcome =
  | { readonly accepted: true; readonly response: string }
  | {
      readonly accepted: false;
      readonly permanent: boolean;
      readonly code?: number;
      readonly response: string;
    };

export interface MailGateway {
  /** Hands one message to the mail server. Never throws for what a server, a network or an address can do. */
  readonly send: (message: MailMessage) => Promise<MailOutcome>;
  /** Ends idle connections; a message under way is finished first. */
  readonly close: () => void;
}

/** All times in milliseconds. */
export interface MailGatewayOptions {
  /** `smtp://` (STARTTLS where offered) or `smtps://`, with user and password if needed; nodemailer's options as query: `?maxConnections=2`. */
  readonly smtpUrl: string;
  readonly connectionTimeout?: number;
  readonly greetingTimeout?: number;
  /** Longest silence of the server. */
  readonly socketTimeout?: number;
  /** Longest time for one message in all, waiting for a free connection included. */
  readonly deadline?: number;
}

const usual = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, deadline: 50_000 };

function poolOptions({ smtpUrl, ...given }: MailGatewayOptions): SMTPPoolOptions & { pool: true } {
  if (!['smtp:', 'smtps:'].includes(URL.parse(smtpUrl)?.protocol ?? '')) {
    throw new Error('The address of the mail server must begin with smtp:// or smtps://.');
  }
  const { connectionTimeout, greetingTimeout, socketTimeout } = { ...usual, ...given };
  return {
    connectionTimeout,
    greetingTimeout,
    socketTimeout,
    maxRequeues: 1,
    ...(parseConnectionUrl(smtpUrl) as SMTPPoolOptions),
    pool: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function envelopeFault({ from, to }: MailMessage): MailOutcome | undefined {
  if (!isMailAddress(to.address)) {
    return { accepted: false, permanent: true, response: 'The recipient is not one mail address.' };
  }
  if (!isMailAddress(from.address)) {
    return { accepted: false, permanent: false, response: 'The sender is not one mail address.' };
  }
  return undefined;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500);
}

function mailbox({ name, address }: Mailbox): Mailbox {
  return { name: oneLine(name), address: deliverableForm(address) };
}

/** Reports when it cannot be delivered or is late, with the headers only: what the mail says need not travel back. For servers that offer RFC 3461. */
const reports = { ret: 'HDRS', notify: 'FAILURE,DELAY' };

/** Addresses as objects only: nodemailer reads a text as a list, and whoever can write into it chooses the recipients. */
function mailFor(message: MailMessage) {
  const { messageId, from, to, returnTo, subject, text, html, language, attachments = [] } = message;
  return {
    messageId,
    from: mailbox(from),
    to: mailbox(to),
    ...(returnTo && { envelope: { from: { name: '', address: returnTo }, to: mailbox(to) }, dsn: reports }),
    subject: oneLine(subject),
    text,
    html,
    attachments: attachments.map(({ name, mediaType, bytes }) => ({
      filename: name,
      contentType: mediaType,
      content: bytes,
    })),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
    },
    xMailer: false as const,
  };
}

/** Only a reply to RCPT or DATA is about the reader; a 5xx to the greeting, the log-in or the sender is about us. */
function refusal(error: NodemailerError): MailOutcome {
  const aboutMessage = error.command === 'RCPT TO' || error.command === 'DATA';
  return {
    accepted: false,
    permanent: aboutMessage && error.permanent === true,
    ...(error.responseCode !== undefined && { code: error.responseCode }),
    response: oneLine(error.response ?? error.message),
  };
}

/** What nodemailer and the network fail with has a code, whatever made it; anything else is a mistake in the program. */
function isMailError(error: unknown): error is NodemailerError {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}

/**
 * Delivers notices to a mail server over a few kept connections (N1, N2). `accepted` means the server answered the whole message with 250: from then
 * on it is the server's to deliver.
 *
 * The ambiguity SMTP leaves: when the connection breaks, or the deadline passes, after the message was sent and before the 250 arrived, the server may
 * have it or not. The outcome then is not accepted, not permanent; the message is sent again and in rare cases arrives twice, both with the same
 * Message-ID.
 */
export function createMailGateway(options: MailGatewayOptions): MailGateway {
  const transport = createTransport(poolOptions(options));
  const deadline = options.deadline ?? usual.deadline;
  return {
    send: async (message) => {
      const fault = envelopeFault(message);
      if (fault) return fault;
      try {
        const info = await transport.sendMail({ ...mailFor(message), signal: AbortSignal.timeout(deadline) });
        return { accepted: true, response: oneLine(info.response) };
      } catch (error) {
        if (isMailError(error)) return refusal(error);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
