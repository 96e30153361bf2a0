import { resolve } from 'node:path';
import { SetupError } from './setup-error.ts';

/** The ports of the development stack: the variable that changes each, its default, and what listens there. */
export const ports = {
  PORT: { default: 8080, part: 'the API' },
  METRICS_PORT: { default: 9090, part: "the API's metrics" },
  WORKER_METRICS_PORT: { default: 9091, part: "the worker's metrics" },
  TEMPORAL_PORT: { default: 7233, part: 'Temporal' },
  TEMPORAL_UI_PORT: { default: 8233, part: 'the Temporal UI' },
  POSTGRES_PORT: { default: 54329, part: 'PostgreSQL' },
  MAILBOX_SMTP_PORT: { default: 2525, part: 'the mailbox (SMTP)' },
  MAILBOX_PORT: { default: 8025, part: "the mailbox's page" },
  GATEWAY_PORT: { default: 8026, part: 'the gateway double' },
} as const;

export type PortName = keyof typeof ports;

export interface Settings {
  ports: Record<PortName, number>;
  /** Everything that is kept between two starts: databases, mails, logs, downloads, secrets. */
  dataDir: string;
  /** Given when an own server is to be used instead of the embedded one. */
  databaseUrl: string | undefined;
  temporalAddress: string | undefined;
  smtpUrl: string | undefined;
  /** Whether the demo library is loaded. */
  demo: boolean;
  env: NodeJS.ProcessEnv;
}

/** Reads the development stack's settings; all mistakes are told in one SetupError. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const mistakes: string[] = [];
  const port = (name: PortName): number => {
    const value = given(env, name) ?? String(ports[name].default);
    if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > 65_535) {
      mistakes.push(`${name} must be a port number from 1 to 65535, not "${value}"`);
    }
    return Number(value);
  };
  const settings: Settings = {
    ports: {
      PORT: port('PORT'),
      METRICS_PORT: port('METRICS_PORT'),
      WORKER_METRICS_PORT: port('WORKER_METRICS_PORT'),
      TEMPORAL_PORT: port('TEMPORAL_PORT'),
      TEMPORAL_UI_PORT: port('TEMPORAL_UI_PORT'),
      POSTGRES_PORT: port('POSTGRES_PORT'),
      MAILBOX_SMTP_PORT: port('MAILBOX_SMTP_PORT'),
      MAILBOX_PORT: port('MAILBOX_PORT'),
      GATEWAY_PORT: port('GATEWAY_PORT'),
    },
    dataDir: resolve(given(env, 'CARREL_DATA') ?? '.carrel'),
    databaseUrl: given(env, 'DATABASE_URL'),
    temporalAddress: given(env, 'TEMPORAL_ADDRESS'),
    smtpUrl: given(env, 'SMTP_URL'),
    demo: given(env, 'CARREL_DEMO') !== 'off',
    env,
  };
  mistakes.push(...samePorts(settings));
  if (mistakes.length > 0) throw new SetupError(`${mistakes.join('; ')}.`);
  return settings;
}

/** Whether the gateway double is to run: unless accounts at payment services are given. */
export const ownGateway = (env: NodeJS.ProcessEnv): boolean => given(env, 'CARREL_GATEWAYS') === undefined;

/** Which of the ports this start will itself listen on. */
export function portsInUse({ databaseUrl, temporalAddress, smtpUrl, env }: Settings): PortName[] {
  return [
    ...(databaseUrl === undefined ? (['POSTGRES_PORT'] as const) : []),
    ...(temporalAddress === undefined ? (['TEMPORAL_PORT', 'TEMPORAL_UI_PORT'] as const) : []),
    ...(smtpUrl === undefined ? (['MAILBOX_SMTP_PORT', 'MAILBOX_PORT'] as const) : []),
    ...(ownGateway(env) ? (['GATEWAY_PORT'] as const) : []),
    ...(['PORT', 'METRICS_PORT', 'WORKER_METRICS_PORT'] as const),
  ];
}

function samePorts(settings: Settings): string[] {
  const used = portsInUse(settings);
  return used.flatMap((name, index) => {
    const other = used.slice(0, index).find((earlier) => settings.ports[earlier] === settings.ports[name]);
    return other === undefined ? [] : [`${other} and ${name} are both ${settings.ports[name]}`];
  });
}

/** Set to nothing counts as not set. */
function given(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}
