import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { type ApiConfig, apiConfig, ConfigurationError } from '../config/config.ts';
import { loadPolicies } from '../config/policies.ts';
import { createClient } from '../engine/connection.ts';
import { type Checked, checkInvariants } from './invariants/check.ts';
import { checkEngine } from './invariants/engine.ts';
import { type AuditReport, auditReport, auditTable } from './invariants/report.ts';
import { openOrm } from './orm.ts';

const usage = `npm run audit -- [--json] [--now 2026-12-24T12:00:00Z] [--grace PT5M]
Checks the invariants in the database DATABASE_URL, and against the engine when TEMPORAL_ADDRESS is set.
Exit code 0: all hold; 1: some are broken; 2: they could not be checked.\n`;

interface Options {
  readonly json: boolean;
  readonly now: number;
  readonly grace: string;
}

/** Throws a TypeError or RangeError with a sentence that says what is wrong with the options. */
function readOptions(given: string[]): Options {
  const { values } = parseArgs({
    args: given,
    options: {
      json: { type: 'boolean', default: false },
      now: { type: 'string' },
      grace: { type: 'string', default: 'PT5M' },
    },
  });
  const now = values.now === undefined ? Date.now() : Temporal.Instant.from(values.now).epochMilliseconds;
  return { json: values.json, now, grace: Temporal.Duration.from(values.grace).toString() };
}

/** The audit reads ids and states: no key, secret or address of the service is needed for it. */
const notNeeded = {
  TEMPORAL_ADDRESS: 'localhost:7233',
  CARREL_SECRET: 'not needed by the audit, which writes nothing',
  CARREL_PAYLOAD_KEYS: `none:${Buffer.alloc(32).toString('base64')}`,
  PUBLIC_URL: 'http://localhost',
};

/** Checks everything that can be checked with this environment. Throws when the database or the engine does not answer. */
export async function audit(
  environment: NodeJS.ProcessEnv,
  { now, grace }: Omit<Options, 'json'>,
): Promise<AuditReport> {
  const config = apiConfig({ ...notNeeded, ...environment });
  const policies = loadPolicies(config.policies).all();
  const orm = await openOrm({ databaseUrl: config.database.url, poolSize: 2 });
  try {
    const checked = await checkInvariants(orm, { policies, now, grace });
    const compared = environment.TEMPORAL_ADDRESS ? await compare(orm, config, now) : [];
    return auditReport(now, [...checked, ...compared]);
  } finally {
    await orm.close(true);
  }
}

async function compare(
  orm: Awaited<ReturnType<typeof openOrm>>,
  config: ApiConfig,
  now: number,
): Promise<Checked[]> {
  const client = createClient(config.temporal);
  try {
    return await checkEngine(orm, client, now);
  } finally {
    await client.connection.close();
  }
}

async function main(given: string[]): Promise<number> {
  const options = readOptions(given);
  const report = await audit(process.env, options);
  process.stdout.write(`${options.json ? JSON.stringify(report) : auditTable(report)}\n`);
  return report.broken === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
    const known = error instanceof ConfigurationError;
    process.stderr.write(known ? `${error.message}\n` : `${String(error)}\n\n${usage}`);
    return 2;
  });
}
