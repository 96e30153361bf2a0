import { noticeOfToken, tokenIn } from '../domain/return-address.ts';
import type { OpenedMail } from './open-mail.ts';

/** What return addresses of this installation look like, and what they are signed with. */
export interface ReturnAddresses {
  /** The `sender.returnPath` of every library. */
  readonly patterns: readonly string[];
  readonly secret: string;
}

/** Whether an address has the form of a return address; its signature is not looked at. */
export function isReturnAddress({ patterns }: Pick<ReturnAddresses, 'patterns'>, address: string): boolean {
  return patterns.some((pattern) => tokenIn(pattern, address) !== undefined);
}

/** Where mail systems write to whom a mail was delivered, the surest first. */
const recipientHeaders = [
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'x-delivered-to',
  'to',
  'cc',
];

const addresses = /[^\s<>,;:"()]{1,64}@[^\s<>,;:"()]{1,255}/g;

/**
 * The notice a mail is about, by the signed token of its return address: in the envelope, in the headers, or in the headers of the copy that came back. Undefined without
 * a token this installation has signed – whatever else the mail says.
 */
export function findNotice(
  known: ReturnAddresses,
  mail: OpenedMail,
  envelope: readonly string[] = [],
): string | undefined {
  const headers = recipientHeaders.flatMap((name) => [...mail.header(name)]);
  const copies = mail.parts
    .filter(({ type }) => ['message/rfc822', 'message/global', 'text/rfc822-headers'].includes(type))
    .map(({ content }) => /^return-path:(.{0,400})/im.exec(content)?.[1] ?? '');
  const candidates = [...envelope, ...headers, ...copies].flatMap(
    (text) => text.slice(0, 4_000).match(addresses) ?? [],
  );
  for (const address of candidates) {
    const noticeId = noticeIn(known, address);
    if (noticeId !== undefined) return noticeId;
  }
  return undefined;
}

function noticeIn({ patterns, secret }: ReturnAddresses, address: string): string | undefined {
  for (const pattern of patterns) {
    const token = tokenIn(pattern, address);
    const noticeId = token && noticeOfToken(secret, token);
    if (noticeId) return noticeId;
  }
  return undefined;
}
