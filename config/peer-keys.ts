import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How we prove ourselves by a certificate, and whose certificates we believe, where the other's server asks for it (mutual TLS); PEM. */
export interface PeerTls {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The authorities that count for this agency's server, instead of the system's. */
  readonly ca?: string | undefined;
}

/** What two agencies that exchange messages know of each other (I18). */
export interface PeerKeys {
  /** With which the other proves itself to us. */
  readonly in?: string | undefined;
  /** With which we prove ourselves to the other. */
  readonly out?: string | undefined;
  /** The name that goes with `out`, where it is not our agency's. */
  readonly account?: string | undefined;
  /** The subject of the certificate that the other presents, as the proxy in front tells it. */
  readonly certificate?: string | undefined;
  readonly tls?: PeerTls | undefined;
}

const path = z.string().min(1).optional();

const peersByName = z.record(
  z.string().regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/),
  z.strictObject({
    in: z.string().min(16).optional(),
    out: z.string().min(1).optional(),
    account: z.string().min(1).optional(),
    certificate: z.string().min(1).optional(),
    tls: z.strictObject({ cert: path, key: path, ca: path }).optional(),
  }),
);

type Stated = z.output<typeof peersByName>[string];

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** `tell` is handed what is wrong, without a word of what the files hold. */
type Tell = (mistake: string) => void;

function contents(file: string | undefined, check: (pem: string) => unknown, tell: Tell): string | undefined {
  if (file === undefined) return undefined;
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    tell(`names a file that cannot be read: ${messageOf(error)}`);
    return undefined;
  }
  try {
    check(pem);
    return pem;
  } catch {
    tell(`names a file that is not what it should be, in PEM: ${file}`);
    return undefined;
  }
}

const asCertificate = (pem: string) => new X509Certificate(pem);

function tlsOf({ cert, key, ca }: NonNullable<Stated['tls']>, tell: Tell): PeerTls {
  if ((cert === undefined) !== (key === undefined)) tell('has only one of tls.cert and tls.key');
  const read = {
    cert: contents(cert, asCertificate, tell),
    key: contents(key, createPrivateKey, tell),
    ca: contents(ca, asCertificate, tell),
  };
  const fits =
    read.cert === undefined ||
    read.key === undefined ||
    asCertificate(read.cert).checkPrivateKey(createPrivateKey(read.key));
  if (!fits) tell(`names a key (${key}) that is not the one of its certificate (${cert})`);
  return read;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `CARREL_PEERS`: by library and peer. Certificates and keys are named by the paths of their files, which are read and checked. */
export const peerKeys: z.ZodType<ReadonlyMap<string, PeerKeys>, string> = z
  .string()
  .transform((text, context) => {
    const tell = (message: string) => context.addIssue({ code: 'custom', message });
    const { data } = peersByName.safeParse(jsonOf(text));
    if (!data)
      tell('must be a JSON object of {"in", "out", "tls"} by library/peer, `in` with at least 16 characters');
    return new Map(
      Object.entries(data ?? {}).map(([name, { tls, ...secrets }]): [string, PeerKeys] => [
        name,
        tls === undefined
          ? secrets
          : { ...secrets, tls: tlsOf(tls, (mistake) => tell(`${mistake} (${name})`)) },
      ]),
    );
  });
