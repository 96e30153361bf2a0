import { setTimeout as sleep } from 'node:timers/promises';
import { Client as Engine, Connection } from '@temporalio/client';
import { Pool } from 'pg';
import { audit } from '../../db/audit.ts';
import { isBroken } from '../../db/invariants/check.ts';
import { openOrm } from '../../db/orm.ts';
import { createBuilders } from '../support/builders.ts';
import { createClient } from './client.ts';
import { compareEnds, compareMessages } from './ill-judge.ts';
import { createIllLives, type IllLifeKind, type IllSide } from './ill-lives.ts';
import { type IllRig, startIllRig } from './ill-rig.ts';
import { type Fault, illDeeds, rage } from './nemesis.ts';
import { askAgain } from './outcomes.ts';
import type { Rig } from './rig.ts';

export interface IllPlan {
  /** So many are under way at every moment until the last fault is over. */
  readonly inFlight: number;
  readonly kinds: readonly IllLifeKind[];
  readonly pauseMs: number;
  /** How many of the deeds. */
  readonly deeds: number;
}

export interface IllFaultReport {
  readonly lived: number;
  readonly faults: readonly Fault[];
  readonly crashes: Readonly<Record<string, number>>;
  readonly audits: Readonly<Record<string, { readonly invariants: number; readonly broken: number }>>;
  /** Empty when everything held. */
  readonly wrong: readonly string[];
}

type Say = (text: string) => void;

/** Two agencies whose programs, engines and databases are killed while requests go between them: none is stuck, none happens twice, both sides agree. */
export async function runIllFaults(plan: IllPlan, say: Say): Promise<IllFaultReport> {
  const rig = await startIllRig(say, {
    obtaining: { review: false },
    lending: { acknowledge: false },
    suppliers: { order: [] },
  });
  let report: IllFaultReport | undefined;
  try {
    report = await rageAndJudge(rig, plan, say);
    return report;
  } finally {
    await rig.stop(report === undefined || report.wrong.length > 0);
  }
}

async function sideOf({ databaseUrl, apiUrl }: Rig) {
  const database = new Pool({ connectionString: databaseUrl, max: 3 });
  // Its server is killed now and then.
  database.on('error', () => undefined);
  const orm = await openOrm({ databaseUrl, poolSize: 2 });
  const { token } = await createBuilders(orm, 'demo').staff('ill-librarian', 'desk', 'operator');
  await orm.close(true);
  const client = createClient(apiUrl);
  return {
    client,
    database: database as unknown as IllSide['database'],
    desk: token,
    pool: database,
    apiUrl,
  };
}

async function rageAndJudge({ asker, owner }: IllRig, plan: IllPlan, say: Say): Promise<IllFaultReport> {
  const [left, right] = [await sideOf(asker), await sideOf(owner)];
  const lives = createIllLives(left, right);
  const astray: string[] = [];
  const now = { raging: true };
  let lived = 0;
  const lane = async (): Promise<void> => {
    while (now.raging) {
      const kind = plan.kinds[lived % plan.kinds.length] ?? 'loan';
      lived += 1;
      await lives[kind]().catch((error: unknown) => astray.push(`${kind}: ${String(error)}`));
    }
  };
  const lanes = Array.from({ length: plan.inFlight }, lane);
  const faults = await rage({ asker, owner }, illDeeds.slice(0, plan.deeds), plan.pauseMs, say);
  now.raging = false;
  say(`${lived} requests begun; waiting for the last of them`);
  await Promise.all(lanes);
  const wrong = await judge([left, right], [asker, owner], say);
  const audits: Record<string, { invariants: number; broken: number }> = {};
  for (const [name, { env }] of Object.entries({ asker, owner })) {
    const audited = await audit(env, { now: Date.now() + 61_000, grace: 'PT2M' });
    audits[name] = { invariants: audited.invariants.length, broken: audited.broken };
    wrong.push(
      ...audited.invariants.filter(isBroken).map((each) => `${name}: ${each.name}: ${each.ids.join(', ')}`),
    );
  }
  await Promise.all([left, right].map(({ pool }) => pool.end()));
  const services = [...asker.services, ...owner.services];
  const crashes = Object.fromEntries(services.map((service) => [service.name, service.crashes()]));
  return { lived, faults, crashes, audits, wrong: [...astray, ...wrong] };
}

type Side = Awaited<ReturnType<typeof sideOf>>;

async function judge(sides: readonly [Side, Side], rigs: readonly Rig[], say: Say): Promise<string[]> {
  const [left, right] = sides;
  // What was stored while nobody could be told is the sweep's to find.
  for (const { apiUrl, desk } of sides) await sweepNow(apiUrl, desk);
  const stuck = await quiet(sides, rigs);
  say('asking everything once more');
  const again = [...(await askAgain(left.client)).different, ...(await askAgain(right.client)).different];
  const faulty = sides.flatMap(({ client }) =>
    [...client.hindrances.faults].map(([what, n]) => `${what}, ${n} times`),
  );
  return [
    ...stuck,
    ...again,
    ...faulty,
    ...(await compareMessages(left.database, right.database, 'asker to owner')),
    ...(await compareMessages(right.database, left.database, 'owner to asker')),
    ...(await compareEnds(left.database, right.database)),
  ];
}

async function sweepNow(apiUrl: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await fetch(`${apiUrl}/v1/staff/sweeps`, { method: 'POST', headers });
  if (status !== 202) throw new Error(`A sweep was not begun: ${status}`);
}

const unfinished = `select 'request ' || id || ' is ' || state as what from ill_request where ended_at is null and state <> 'shipped'
  union all select 'outside request ' || id || ' is ' || status from supply_request where ended_at is null
  union all select 'message ' || id || ' is ' || state from ill_message where state in ('queued', 'stored')`;

/** Waits until nothing is open any more; answers what was left when patience ended. */
async function quiet(sides: readonly Side[], rigs: readonly Rig[]): Promise<string[]> {
  for (const end = Date.now() + 180_000; ; await sleep(1_000)) {
    const rows = await Promise.all(sides.map(({ pool }) => pool.query<{ what: string }>(unfinished)));
    const left = rows.flatMap((each) => each.rows.map(({ what }) => what));
    const running = await Promise.all(rigs.map(runningIn));
    if (left.length === 0 && running.every((count) => count === 0)) return [];
    if (Date.now() > end) return [...left, `workflows still running: ${running.join(' and ')}`];
  }
}

async function runningIn({ temporalAddress }: Rig): Promise<number> {
  const connection = await Connection.connect({ address: temporalAddress });
  const query = `ExecutionStatus = 'Running' AND CarrelProcess IN ('supply', 'peer', 'command')`;
  const { count } = await new Engine({ connection }).workflow.count(query);
  await connection.close();
  return count;
}
