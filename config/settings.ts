import { z } from 'zod';
import type { About } from './values.ts';
import { peerKeys } from './peer-keys.ts';
import {
  clamdAddress,
  fileContents,
  gatewayKeys,
  headerName,
  hostAndPort,
  imapAddress,
  listenAddress,
  longSecret,
  namedSecrets,
  payloadKeys,
  poolSize,
  portNumber,
  postgresAddress,
  smtpAddress,
  trustProxy,
  webAddress,
} from './values.ts';

/** What is said of each setting. */
export const abouts = z.registry<About>();

function setting<T extends z.ZodType>(schema: T, about: About): T {
  abouts.add(schema, about);
  return schema;
}

const engine = {
  TEMPORAL_ADDRESS: setting(hostAndPort, {
    description: 'The Temporal server.',
    example: 'temporal:7233',
  }),
  TEMPORAL_NAMESPACE: setting(z.string().default('default'), {
    description: 'The namespace the processes live in.',
  }),
  TEMPORAL_TASK_QUEUE: setting(z.string().default('carrel'), {
    description: 'The task queue the workers take work from; the API and all workers share one.',
  }),
  TEMPORAL_TLS: setting(z.enum(['off', 'on'], { error: 'must be off or on' }).default('off'), {
    description: 'Whether the connection to the Temporal server is encrypted.',
  }),
  TEMPORAL_TLS_CA: setting(fileContents.optional(), {
    description: 'Path of the certificate (PEM) of the authority that signed the server’s.',
    otherwise: 'the system’s authorities',
  }),
  TEMPORAL_TLS_CERT: setting(fileContents.optional(), {
    description: 'Path of the client’s certificate (PEM), where the server asks for one.',
  }),
  TEMPORAL_TLS_KEY: setting(fileContents.optional(), {
    description: 'Path of the client certificate’s key (PEM).',
  }),
  TEMPORAL_API_KEY: setting(z.string().optional(), {
    description: 'API key, where the server asks for one; needs TEMPORAL_TLS=on.',
  }),
  CLAMD_URL: setting(clamdAddress.optional(), {
    description:
      'The virus scanner that looks at what readers and librarians upload, and at what suppliers offer: a ClamAV daemon’s TCP port. While it cannot be reached nothing is taken.',
    example: 'tcp://clamd:3310',
    otherwise: 'nothing is scanned; what readers upload is drawn anew all the same',
  }),
};

const common = {
  DATABASE_URL: setting(postgresAddress, {
    description: 'The PostgreSQL database (16 or later).',
    example: 'postgresql://carrel:secret@db:5432/carrel',
  }),
  DATABASE_POOL: setting(poolSize.default(10), {
    description: 'Connections to the database that one process may hold.',
  }),
  ...engine,
  CARREL_POLICIES: setting(z.string().default('policies'), {
    description: 'The folder with one policy file a library.',
  }),
  CARREL_SECRET: setting(longSecret, {
    description:
      'At least 32 random characters, the same for the API and all workers; the secrets in mailed links and the keys of staff’s second factors derive from it.',
  }),
  CARREL_PAYLOAD_KEYS: setting(payloadKeys, {
    description:
      'Keys that encrypt what Temporal stores, `id:key` with 32 random bytes in base64, separated by commas. The first encrypts; all of them decrypt.',
    example: 'k1:q83v…',
  }),
  CARREL_GATEWAYS: setting(gatewayKeys.default(new Map()), {
    description:
      'The accounts at payment services as a JSON object, by library and way of the policy: the key, and the secret that notifications are signed with; `url` where the service has another address than its usual one.',
    example: '{"zju/card":{"key":"sk_live_…","webhookSecret":"whsec_…"}}',
    otherwise: 'nothing is paid online',
  }),
  CARREL_PEERS: setting(peerKeys.default(new Map()), {
    description:
      'What other agencies and we prove ourselves with in messages of ISO 18626, as a JSON object, by library and peer of the policy: `in` is the secret that comes from them, `out` ours (with `account`, where they gave us a name); `certificate` the subject of their client certificate. `tls` has paths of PEM files: `cert` and `key`, our client certificate where their server asks for one, and `ca`, the authority that signed theirs.',
    example:
      '{"zju/nstl":{"in":"…","out":"…","tls":{"cert":"/run/secrets/nstl.pem","key":"/run/secrets/nstl.key"}}}',
    otherwise: 'no messages are taken from other installations',
  }),
  PUBLIC_URL: setting(webAddress, {
    description: 'Where readers reach the service; links in mail begin with it.',
    example: 'https://library.example',
  }),
  LOG_LEVEL: setting(
    z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be fatal, error, warn, info, debug, trace or silent',
      })
      .default('info'),
    { description: 'The least important messages that are still logged.' },
  ),
  NODE_ENV: setting(
    z
      .enum(['production', 'development', 'test'], { error: 'must be production, development or test' })
      .default('production'),
    { description: 'What the process is run for.' },
  ),
};

/** The API's environment. Each setting's description is its row in the README's table. */
export const apiSettings = z.object({
  ...common,
  PORT: setting(portNumber.default(8080), { description: 'The port of the API.' }),
  METRICS_PORT: setting(portNumber.default(9090), { description: 'The port of `/metrics`.' }),
  TRUST_PROXY: setting(trustProxy.default(false), {
    description:
      'Whose `X-Forwarded-For` is believed: `none`, the number of proxies in front, or a list of their addresses and networks.',
    otherwise: 'none',
  }),
  PEER_CERTIFICATE_HEADER: setting(headerName.optional(), {
    description:
      'The header in which the proxy in front tells the subject of a verified client certificate, for agencies that prove themselves by one. It is believed of proxies that TRUST_PROXY names, which must overwrite it.',
    example: 'x-client-cert-subject',
    otherwise: 'certificates prove nothing',
  }),
  CARREL_OIDC_SECRETS: setting(namedSecrets.default(new Map()), {
    description:
      'The client secrets of OpenID Connect providers as a JSON object, by library and provider of the policy.',
    example: '{"zju/campus":"…"}',
  }),
  CARREL_MEMBERS: setting(z.string().default('members'), {
    description: 'The folder with the lists of members that policies name.',
  }),
  TEMPORAL_UI_URL: setting(webAddress.optional(), {
    description: 'The Temporal server’s own pages, linked from the story of a process.',
  }),
});

/** The worker's environment. */
export const workerSettings = z.object({
  ...common,
  METRICS_PORT: setting(portNumber.default(9091), { description: 'The port of `/metrics`.' }),
  SMTP_URL: setting(smtpAddress, {
    description: 'The mail server notices are handed to.',
    example: 'smtps://user:secret@mail:465',
  }),
  BOUNCE_IMAP_URL: setting(imapAddress.optional(), {
    description: 'The mailbox to which mail comes back that could not be delivered; the worker reads it.',
    example: 'imaps://bounces:secret@mail:993/INBOX',
    otherwise: 'no mailbox is read',
  }),
  BOUNCE_IMAP_DONE: setting(z.string().default('Carrel/Done'), {
    description: 'The folder of that mailbox for mail that has been dealt with.',
  }),
  BOUNCE_IMAP_UNKNOWN: setting(z.string().default('Carrel/Unknown'), {
    description: 'Its folder for mail that was not understood, for a person to look at.',
  }),
  BOUNCE_LISTEN: setting(listenAddress.optional(), {
    description:
      'Where the worker takes mail that comes back from the mail server, by `lmtp://` or `smtp://`; for the mail server only, not for the internet.',
    example: 'lmtp://127.0.0.1:2424',
    otherwise: 'it does not listen',
  }),
});

export type ApiSettings = z.output<typeof apiSettings>;
export type WorkerSettings = z.output<typeof workerSettings>;
