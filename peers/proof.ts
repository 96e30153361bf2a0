import { createHash, timingSafeEqual } from 'node:crypto';
import type { PeerKeys } from '../config/peer-keys.ts';

/** What a message brings to prove where it comes from. */
export interface Presented {
  /** The `Authorization` header of HTTP. */
  readonly authorization?: string | undefined;
  /** The subject of a client certificate that a trusted proxy has verified. */
  readonly certificate?: string | undefined;
  /** The secret in the message's own header. */
  readonly securityCode?: string | undefined;
}

/** The peers of a library, by their codes, that what was presented is a proof of; none: nobody that is known. */
export type Prove = (library: string, presented: Presented) => ReadonlySet<string>;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

interface Known {
  readonly peer: string;
  readonly secret: Buffer | undefined;
  readonly certificate: Buffer | undefined;
}

/**
 * Knows the other agencies by what `CARREL_PEERS` has of them. Every secret of the library is compared, each in the same time whatever was presented.
 *
 * @param keys by `library/peer`
 */
export function createProve(keys: ReadonlyMap<string, PeerKeys>): Prove {
  const known = new Map<string, Known[]>();
  for (const [name, { in: secret, certificate }] of keys) {
    const [library = '', peer = ''] = name.split('/');
    const entry = {
      peer,
      secret: secret === undefined ? undefined : digest(secret),
      certificate: certificate === undefined ? undefined : digest(certificate),
    };
    known.set(library, [...(known.get(library) ?? []), entry]);
  }
  return (library, presented) => {
    const secrets = secretsIn(presented).map(digest);
    const subject = presented.certificate === undefined ? undefined : digest(presented.certificate);
    const fits = ({ secret, certificate }: Known) => {
      const bySecret = secrets.map((given) => secret !== undefined && timingSafeEqual(given, secret));
      const byCertificate =
        subject !== undefined && certificate !== undefined && timingSafeEqual(subject, certificate);
      return bySecret.includes(true) || byCertificate;
    };
    return new Set((known.get(library) ?? []).filter(fits).map(({ peer }) => peer));
  };
}

/** By bearer token, by name and password (the name is not looked at: the message says whose it is), or in the message. */
function secretsIn({ authorization, securityCode }: Presented): string[] {
  const [, way = '', given = ''] = /^(bearer|basic) +(.+)$/iu.exec(authorization ?? '') ?? [];
  const pair = way.toLowerCase() === 'basic' ? Buffer.from(given, 'base64').toString('utf8') : undefined;
  const password = pair?.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
  const secrets = [pair === undefined ? given : password, securityCode];
  return secrets.filter((secret) => secret !== undefined && secret !== '') as string[];
}
