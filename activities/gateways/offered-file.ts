import { lookup } from 'node:dns';
import { request as overHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Where nobody outside has anything to offer us: this machine, this house, and what is no address of one machine. */
const inside = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6');

/** Whether an address is of this machine, this house or none at all; IPv4 addresses in IPv6 dress are told as what they are. */
export function isInside(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

export interface OfferedFile {
  readonly url: string;
  /** Bytes; more is not read. */
  readonly maxBytes: number;
  /** The one host that may be inside, and asked without encryption: that of the peer's own address in the policy. */
  readonly trustedHost?: string | undefined;
  readonly timeoutMs?: number;
}

/** What came of it; `forGood`: another try would end the same. */
export type Fetched =
  | { readonly bytes: Buffer }
  | { readonly failed: FetchFailure; readonly forGood: boolean };

/** Why a file was not fetched; each has a text in every language. */
export const fetchFailures = [
  'address-refused',
  'no-connection',
  'not-there',
  'server-trouble',
  'too-large',
  'too-slow',
  'not-a-document',
  'infected',
  'scanner-unavailable',
] as const;

export type FetchFailure = (typeof fetchFailures)[number];

const fail = (failed: FetchFailure, forGood = false): Fetched => ({ failed, forGood });

/** Looks an address up and takes none that is inside; what is connected to is what was checked, whatever the name means a moment later. */
const outsideOnly: LookupFunction = (host, options, found) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error || !first) return found(error ?? new Error('no address'), '', 4);
    if (addresses.some(({ address }) => isInside(address)))
      return found(Object.assign(new Error('inside'), { code: 'EINSIDE' }), '', 4);
    if (options.all) return found(null, addresses);
    return found(null, first.address, first.family);
  });
};

/** Whether an address may be asked at all: over https, or the peer's own host; never one that is written as an address inside. */
function allowed({ url, trustedHost }: OfferedFile): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const address = new URL(url);
  if (address.username !== '' || address.password !== '') return undefined;
  if (trustedHost !== undefined && address.host === trustedHost)
    return ['http:', 'https:'].includes(address.protocol) ? address : undefined;
  if (address.protocol !== 'https:') return undefined;
  const literal = address.hostname.replace(/^\[|\]$/gu, '');
  return isIP(literal) !== 0 && isInside(literal) ? undefined : address;
}

/**
 * Fetches a file that a supplier offers under an address (I14). The address comes from outside: only https, never anything inside this house – but the host that the policy itself names –, no
 * redirections, no more bytes and no more time than allowed.
 */
export function fetchOffered(offer: OfferedFile): Promise<Fetched> {
  const address = allowed(offer);
  if (!address) return Promise.resolve(fail('address-refused', true));
  const { trustedHost, timeoutMs = 40_000 } = offer;
  const options: RequestOptions = {
    method: 'GET',
    headers: { accept: 'application/pdf, image/*', 'user-agent': 'Carrel' },
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    ...(address.host !== trustedHost && { lookup: outsideOnly }),
  };
  const ask = address.protocol === 'https:' ? overHttps : overHttp;
  return new Promise((resolve) => {
    const sent = ask(address, options, (response) => {
      const refused = statusFailure(response.statusCode ?? 0);
      if (refused) {
        response.destroy();
        resolve(refused);
      } else read(response, offer.maxBytes).then(resolve, (error: unknown) => resolve(failureOf(error)));
    });
    sent.once('error', (error) => resolve(failureOf(error)));
    sent.end();
  });
}

function statusFailure(status: number): Fetched | undefined {
  if (status === 200) return undefined;
  if (status === 404 || status === 408 || status === 425 || status === 429) return fail('not-there');
  if (status >= 500) return fail('server-trouble');
  return fail('not-there', true);
}

async function read(response: IncomingMessage, maxBytes: number): Promise<Fetched> {
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy();
    return fail('too-large', true);
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) return fail('too-large', true);
    parts.push(part);
  }
  return response.complete ? { bytes: Buffer.concat(parts) } : fail('no-connection');
}

function failureOf(error: unknown): Fetched {
  const { name, code } = error as { readonly name?: string; readonly code?: string };
  if (code === 'EINSIDE') return fail('address-refused', true);
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR') return fail('too-slow');
  return fail('no-connection');
}
