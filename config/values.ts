import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** What the documented table says of a setting. */
export interface About {
  readonly description: string;
  readonly example?: string;
  /** What is used when it is not set, in words; the schema's own default is shown otherwise. */
  readonly otherwise?: string;
}

type Text<T> = z.ZodType<T, string>;

/** A text read into a value; the message says what was expected, and never repeats the text, which may be a secret. */
function read<T>(expected: string, parse: (text: string) => T | undefined): Text<T> {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be ${expected}` });
    return z.NEVER;
  });
}

function address(...protocols: string[]): Text<string> {
  const expected = protocols.map((each) => `${each}//…`).join(' or ');
  return read(`an address that begins with ${expected}`, (text) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined,
  );
}

function whole(min: number, max: number): Text<number> {
  return read(`a whole number from ${min} to ${max}`, (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

export const postgresAddress = address('postgresql:', 'postgres:');
export const smtpAddress = address('smtp:', 'smtps:');

export interface ImapAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
}

/** `imaps://user:secret@mail:993/INBOX`; what is not letters in user or password is percent-encoded. */
export const imapAddress = read<ImapAddress>(
  'an address such as imaps://user:secret@mail:993/INBOX',
  (text) => {
    const url = URL.parse(text);
    if (!url || !['imap:', 'imaps:'].includes(url.protocol) || !url.hostname || !url.username)
      return undefined;
    const secure = url.protocol === 'imaps:';
    const [user, password, folder] = [url.username, url.password, url.pathname.slice(1)].map(decoded);
    if (user === undefined || password === undefined || folder === undefined) return undefined;
    const port = Number(url.port) || (secure ? 993 : 143);
    return { host: url.hostname, port, secure, user, password, folder: folder || 'INBOX' };
  },
);

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export interface ListenAddress {
  readonly lmtp: boolean;
  readonly host: string;
  readonly port: number;
}

/** `lmtp://127.0.0.1:2424`, or `smtp://` for mail servers that do not speak LMTP. */
export const listenAddress = read<ListenAddress>('an address such as lmtp://127.0.0.1:2424', (text) => {
  const [, protocol, host = '', port] =
    /^(lmtp|smtp):\/\/([\w.-]+|\[[\dA-Fa-f:]+\]):(\d{1,5})\/?$/.exec(text) ?? [];
  return protocol && Number(port) > 0 && Number(port) < 65_536
    ? { lmtp: protocol === 'lmtp', host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
    : undefined;
});
export interface ClamdAddress {
  readonly host: string;
  readonly port: number;
}

/** `tcp://clamd:3310`. */
export const clamdAddress = read<ClamdAddress>('an address such as tcp://clamd:3310', (text) => {
  const [, host = '', port] = /^tcp:\/\/([\w.-]+|\[[\dA-Fa-f:]+\]):(\d{1,5})\/?$/.exec(text) ?? [];
  return Number(port) > 0 && Number(port) < 65_536
    ? { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
    : undefined;
});

/** Without a slash at its end, so that paths can be put after it. */
export const webAddress = address('http:', 'https:').transform((text) => text.replace(/\/+$/, ''));
export const portNumber = whole(1, 65_535);
export const poolSize = whole(2, 500);

export const hostAndPort = read('a host and a port, such as localhost:7233', (text) =>
  /^(?:[^\s:/]+|\[[\dA-Fa-f:]+\]):\d{1,5}$/.test(text) ? text : undefined,
);

export const longSecret = read('at least 32 characters long', (text) =>
  text.length >= 32 ? text : undefined,
);

/** The contents of a file named by its path, so that a file that cannot be read is found at the start. */
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const fileContents: Text<Buffer> = z.string().transform((path, context) => {
  try {
    return readFileSync(path);
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `names a file that cannot be read: ${messageOf(error)}`,
    });
    return z.NEVER;
  }
});

export interface PayloadKey {
  readonly id: string;
  /** 32 bytes, for AES-256-GCM. */
  readonly key: Buffer;
}

function payloadKey(text: string): PayloadKey | undefined {
  const [, id, base64] = /^([A-Za-z0-9_-]{1,40}):([A-Za-z0-9+/_-]{43}=?)$/.exec(text.trim()) ?? [];
  return id !== undefined && base64 !== undefined ? { id, key: Buffer.from(base64, 'base64') } : undefined;
}

export const payloadKeys = read<readonly PayloadKey[]>(
  'a list id:key,id:key with different ids, each key 32 random bytes in base64',
  (text) => {
    const keys = text.split(',').flatMap((each) => payloadKey(each) ?? []);
    const ids = new Set(keys.map((each) => each.id));
    return keys.length === text.split(',').length && ids.size === keys.length ? keys : undefined;
  },
);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const secretsByName = z.record(z.string().regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/), z.string().min(1));

export const namedSecrets = read<ReadonlyMap<string, string>>(
  'a JSON object of secrets by library/provider',
  (text) => {
    const { data } = secretsByName.safeParse(jsonOf(text));
    return data && new Map(Object.entries(data));
  },
);

/** An account at a payment service. */
export interface GatewayKeys {
  /** With which Carrel speaks to the service. */
  readonly key: string;
  /** With which the service signs what it tells Carrel. */
  readonly webhookSecret: string;
  /** The service's address, where it is not its usual one. */
  readonly url?: string | undefined;
}

const keysByName = z.record(
  z.string().regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/),
  z.strictObject({ key: z.string().min(1), webhookSecret: z.string().min(1), url: webAddress.optional() }),
);

export const gatewayKeys = read<ReadonlyMap<string, GatewayKeys>>(
  'a JSON object of {"key", "webhookSecret"} by library/way',
  (text) => {
    const { data } = keysByName.safeParse(jsonOf(text));
    return data && new Map(Object.entries(data));
  },
);

/** As Express takes it: false, the number of proxies in front, or their addresses. */
export type TrustProxy = false | number | readonly string[];

const namedRanges = ['loopback', 'linklocal', 'uniquelocal'];

function isRange(text: string): boolean {
  const [ip = '', bits = '0', more] = text.split('/');
  const version = isIP(ip);
  return (
    version > 0 && more === undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  );
}

/** The name of a header of HTTP, in small letters. */
export const headerName = read('the name of a header, such as x-client-cert-subject', (text) =>
  /^[\w-]{1,60}$/.test(text) ? text.toLowerCase() : undefined,
);

export const trustProxy = read<TrustProxy>(
  'none, a number of proxies, or a list of addresses and networks such as 10.0.0.0/8',
  (text) => {
    if (text === 'none') return false;
    if (/^[1-9]\d?$/.test(text)) return Number(text);
    const ranges = text.split(',').map((each) => each.trim());
    return ranges.every((each) => namedRanges.includes(each) || isRange(each)) ? ranges : undefined;
  },
);
