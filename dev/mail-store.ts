import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/** One mail as it arrived, decoded. */
export interface Mail {
  id: string;
  receivedAt: Date;
  /** The envelope's addresses: who it was really from and to, whatever the headers say. */
  from: string;
  to: string[];
  messageId: string;
  subject: string;
  text: string;
  html: string;
  /** The mail as sent, in front of it the envelope as Return-Path and Delivered-To lines. */
  raw: string;
}

export interface Envelope {
  from: string;
  to: string[];
}

/** Decodes a mail and, with a folder, keeps it there as an .eml file any mail program opens. */
export async function storeMail(
  content: string,
  envelope: Envelope,
  receivedAt: Date,
  folder: string | undefined,
): Promise<Mail> {
  const id = `${receivedAt.toISOString().replaceAll(/[:.]/g, '-')}-${process.hrtime.bigint().toString(36)}`;
  const mail = await decode(id, receivedAt, envelopeLines(envelope) + content);
  if (folder !== undefined) await writeFile(join(folder, `${id}.eml`), mail.raw);
  return mail;
}

/** The newest `limit` mails kept in a folder by earlier runs, oldest first; makes the folder when missing. */
export async function readMails(folder: string, limit: number): Promise<Mail[]> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).toSorted();
  return await Promise.all(names.slice(-limit).map((name) => readMail(folder, name)));
}

async function readMail(folder: string, name: string): Promise<Mail> {
  const id = name.slice(0, -'.eml'.length);
  const receivedAt = new Date(id.slice(0, 24).replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/, 'T$1:$2:$3.$4Z'));
  return await decode(id, receivedAt, await readFile(join(folder, name), 'utf8'));
}

async function decode(id: string, receivedAt: Date, raw: string): Promise<Mail> {
  const email = await PostalMime.parse(raw);
  const lines = (key: string) =>
    email.headers.filter((header) => header.key === key).map(({ value }) => value);
  return {
    id,
    receivedAt,
    from: (lines('return-path')[0] ?? '').replaceAll(/[<>]/g, ''),
    to: lines('delivered-to'),
    messageId: email.messageId ?? '',
    subject: email.subject ?? '',
    text: email.text ?? '',
    html: email.html ?? '',
    raw,
  };
}

function envelopeLines({ from, to }: Envelope): string {
  return [`Return-Path: <${from}>`, ...to.map((address) => `Delivered-To: ${address}`), ''].join('\r\n');
}
