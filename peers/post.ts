import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PeerKeys } from '../config/peer-keys.ts';
import type { AgencyPolicy, PeerPolicy } from '../domain/policy-peers.ts';
import { escaped } from '../iso18626/tree.ts';

/** A message to another agency. */
export interface Letter {
  readonly library: string;
  /** Whose it is; the name that goes with our secret unless another was agreed on. */
  readonly agency: AgencyPolicy;
  readonly peer: PeerPolicy;
  readonly xml: string;
}

/** What was answered; `body` is empty where there was none. */
export interface Posted {
  readonly status: number;
  readonly body: string;
}

/** Hands a message to the other side. Throws an `Error` in plain words when no answer came: refused, timed out, cut off, larger than any confirmation is. */
export type Post = (letter: Letter) => Promise<Posted>;

/** How long the other side has for its answer, in milliseconds. */
export const postMs = 30_000;

/** A confirmation has one kilobyte. */
const maxBytes = 256 * 1024;

/**
 * Sends over HTTP, to the address that the policy states and to no other: redirections are not followed. Connections are kept, so that a day's messages do not cost a handshake each.
 * To an agency whose server asks for a certificate ours is shown; a server that no authority vouches for gets nothing.
 *
 * @param keys by `library/peer`
 */
export function createPost(keys: ReadonlyMap<string, PeerKeys>, timeoutMs = postMs): Post {
  const agentOf = createAgents(keys);
  return ({ library, agency, peer, xml }) => {
    if (peer.url === undefined) throw new Error(`The policy states no address for ${peer.code}.`);
    const url = new URL(peer.url);
    const name = `${library}/${peer.code}`;
    const key = keys.get(name);
    const secure = url.protocol === 'https:';
    if (key?.tls && !secure)
      throw new Error(
        `A certificate is set for ${peer.code}, but its address is not https: nothing is sent.`,
      );
    const secured = peer.auth === 'message' ? withSecret(xml, agency, key) : xml;
    const body = Buffer.from(secured);
    const headers = {
      'content-type': 'application/xml; charset=utf-8',
      'content-length': body.length,
      accept: 'application/xml, text/xml',
      ...(peer.auth !== 'message' && credentials(peer.auth, agency, key)),
    };
    const agent = agentOf(secure, name);
    const options = { method: 'POST', headers, agent, signal: AbortSignal.timeout(timeoutMs) };
    return new Promise((resolve, reject) => {
      const send = secure ? httpsRequest : httpRequest;
      send(url, options, (response) => void collect(response).then(resolve, reject))
        .once('error', reject)
        .end(body);
    });
  };
}

/** An agency with certificates of its own has connections of its own. */
function createAgents(keys: ReadonlyMap<string, PeerKeys>) {
  const plain = new HttpAgent({ keepAlive: true });
  const usual = new HttpsAgent({ keepAlive: true });
  const own = new Map(
    [...keys].flatMap(([name, { tls }]) => {
      const given = Object.entries(tls ?? {}).filter(([, pem]) => pem !== undefined);
      return tls ? [[name, new HttpsAgent({ ...Object.fromEntries(given), keepAlive: true })] as const] : [];
    }),
  );
  return (secure: boolean, name: string) => (secure ? (own.get(name) ?? usual) : plain);
}

function credentials(way: 'bearer' | 'basic', agency: AgencyPolicy, key: PeerKeys | undefined) {
  if (key?.out === undefined) return {};
  if (way === 'bearer') return { authorization: `Bearer ${key.out}` };
  const pair = Buffer.from(`${key.account ?? agency.value}:${key.out}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** The secret is put into the message as it leaves: what is kept, and shown to staff, is without it. The header of a supplier's message has no place for one. */
function withSecret(xml: string, agency: AgencyPolicy, key: PeerKeys | undefined): string {
  if (key?.out === undefined || xml.includes('<supplyingAgencyMessage>')) return xml;
  const account = `<accountId>${escaped(key.account ?? agency.value)}</accountId>`;
  const code = `<securityCode>${escaped(key.out)}</securityCode>`;
  const authentication = `<requestingAgencyAuthentication>${account}${code}</requestingAgencyAuthentication>`;
  return xml.replace('</header>', () => `${authentication}</header>`);
}

async function collect(response: IncomingMessage): Promise<Posted> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    size += (part as Buffer).length;
    if (size > maxBytes) {
      response.destroy();
      throw new Error(`The answer is longer than ${maxBytes} bytes.`);
    }
    parts.push(part as Buffer);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') };
}
