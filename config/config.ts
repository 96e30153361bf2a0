import type { z } from 'zod';
import { abouts, apiSettings, workerSettings } from './settings.ts';
import type { ApiSettings, WorkerSettings } from './settings.ts';
import type {
  ClamdAddress,
  GatewayKeys,
  ImapAddress,
  ListenAddress,
  PayloadKey,
  TrustProxy,
} from './values.ts';
import type { PeerKeys } from './peer-keys.ts';

export type { PayloadKey, TrustProxy } from './values.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface TemporalConfig {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** False: no encryption. Buffers are PEM. */
  readonly tls: false | { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
  readonly apiKey?: string;
  readonly payloadKeys: readonly PayloadKey[];
}

interface CommonConfig {
  readonly database: { readonly url: string; readonly pool: number };
  readonly temporal: TemporalConfig;
  /** The folder of the policy files. */
  readonly policies: string;
  readonly secret: string;
  readonly publicUrl: string;
  /** The accounts at payment services, by `library/way`. */
  readonly gateways: ReadonlyMap<string, GatewayKeys>;
  /** What agencies prove themselves with, by `library/peer` (I18). */
  readonly peers: ReadonlyMap<string, PeerKeys>;
  /** The virus scanner for what is uploaded or fetched; none: it is not scanned. */
  readonly clamd?: ClamdAddress;
  readonly metricsPort: number;
  readonly logLevel: ApiSettings['LOG_LEVEL'];
  readonly environment: ApiSettings['NODE_ENV'];
}

export interface ApiConfig extends CommonConfig {
  readonly port: number;
  readonly trustProxy: TrustProxy;
  readonly temporalUiUrl?: string;
  /** In small letters; the header in which a trusted proxy tells the subject of a client certificate. */
  readonly peerCertificateHeader?: string;
  /** The client secrets of identity providers, by `library/provider`. */
  readonly oidcSecrets: ReadonlyMap<string, string>;
  /** The folder of the lists of members. */
  readonly members: string;
}

export interface WorkerConfig extends CommonConfig {
  readonly smtpUrl: string;
  readonly bounces: BounceConfig;
}

/** How mail that comes back reaches the worker (N4); neither: not at all. */
export interface BounceConfig {
  readonly imap?: ImapAddress & { readonly done: string; readonly unknown: string };
  readonly listen?: ListenAddress;
}

/** Every mistake in the environment, one plain sentence each. */
export class ConfigurationError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The configuration has mistakes:\n  ${mistakes.join('\n  ')}`);
    this.name = 'ConfigurationError';
    this.mistakes = mistakes;
  }
}

function sentence(
  schema: z.ZodObject<Readonly<Record<string, z.ZodType>>>,
  environment: Environment,
  issue: z.core.$ZodIssue,
): string {
  const name = String(issue.path[0]);
  if (environment[name] !== undefined) return `${name} ${issue.message}.`;
  const { description, example } = (schema.shape[name] && abouts.get(schema.shape[name])) ?? {};
  return `${name} is not set. ${description ?? ''}${example === undefined ? '' : ` For example: ${example}`}`;
}

/** What single settings cannot tell. */
function contradictions(environment: Environment): string[] {
  const given = (name: string) => environment[name] !== undefined;
  const encrypted = environment.TEMPORAL_TLS === 'on';
  const needing = ['TEMPORAL_TLS_CA', 'TEMPORAL_TLS_CERT', 'TEMPORAL_TLS_KEY', 'TEMPORAL_API_KEY'];
  const mistakes = encrypted
    ? []
    : needing.filter(given).map((name) => `${name} is set, but TEMPORAL_TLS is not on.`);
  if (given('TEMPORAL_TLS_CERT') !== given('TEMPORAL_TLS_KEY'))
    mistakes.push('TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY belong together: set both or neither.');
  return mistakes;
}

/** A variable that is set to nothing counts as not set, as compose files write it. */
function withoutBlanks(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

function parse<T extends z.ZodObject<Readonly<Record<string, z.ZodType>>>>(
  schema: T,
  given: Environment,
): z.output<T> {
  const environment = withoutBlanks(given);
  const parsed = schema.safeParse(environment);
  const mistakes = (parsed.error?.issues ?? []).map((issue) => sentence(schema, environment, issue));
  mistakes.push(...contradictions(environment));
  if (mistakes.length > 0 || !parsed.success) throw new ConfigurationError(mistakes);
  return parsed.data;
}

function tlsOf(settings: ApiSettings | WorkerSettings): TemporalConfig['tls'] {
  if (settings.TEMPORAL_TLS === 'off') return false;
  return {
    ...(settings.TEMPORAL_TLS_CA && { ca: settings.TEMPORAL_TLS_CA }),
    ...(settings.TEMPORAL_TLS_CERT && { cert: settings.TEMPORAL_TLS_CERT }),
    ...(settings.TEMPORAL_TLS_KEY && { key: settings.TEMPORAL_TLS_KEY }),
  };
}

function common(settings: ApiSettings | WorkerSettings): CommonConfig {
  return {
    database: { url: settings.DATABASE_URL, pool: settings.DATABASE_POOL },
    temporal: {
      address: settings.TEMPORAL_ADDRESS,
      namespace: settings.TEMPORAL_NAMESPACE,
      taskQueue: settings.TEMPORAL_TASK_QUEUE,
      tls: tlsOf(settings),
      ...(settings.TEMPORAL_API_KEY && { apiKey: settings.TEMPORAL_API_KEY }),
      payloadKeys: settings.CARREL_PAYLOAD_KEYS,
    },
    policies: settings.CARREL_POLICIES,
    secret: settings.CARREL_SECRET,
    publicUrl: settings.PUBLIC_URL,
    gateways: settings.CARREL_GATEWAYS,
    peers: settings.CARREL_PEERS,
    ...(settings.CLAMD_URL && { clamd: settings.CLAMD_URL }),
    metricsPort: settings.METRICS_PORT,
    logLevel: settings.LOG_LEVEL,
    environment: settings.NODE_ENV,
  };
}

/** Reads the API's configuration. Throws one ConfigurationError that names every mistake. */
export function apiConfig(environment: Environment): ApiConfig {
  const settings = parse(apiSettings, environment);
  return {
    ...common(settings),
    port: settings.PORT,
    trustProxy: settings.TRUST_PROXY,
    oidcSecrets: settings.CARREL_OIDC_SECRETS,
    members: settings.CARREL_MEMBERS,
    ...(settings.PEER_CERTIFICATE_HEADER && { peerCertificateHeader: settings.PEER_CERTIFICATE_HEADER }),
    ...(settings.TEMPORAL_UI_URL && { temporalUiUrl: settings.TEMPORAL_UI_URL }),
  };
}

function bouncesOf(settings: WorkerSettings): BounceConfig {
  const { BOUNCE_IMAP_URL: imap, BOUNCE_LISTEN: listen } = settings;
  const folders = { done: settings.BOUNCE_IMAP_DONE, unknown: settings.BOUNCE_IMAP_UNKNOWN };
  return { ...(imap && { imap: { ...imap, ...folders } }), ...(listen && { listen }) };
}

/** Reads the worker's configuration. Throws one ConfigurationError that names every mistake. */
export function workerConfig(environment: Environment): WorkerConfig {
  const settings = parse(workerSettings, environment);
  return { ...common(settings), smtpUrl: settings.SMTP_URL, bounces: bouncesOf(settings) };
}
