import { setTimeout as sleep } from 'node:timers/promises';
import { Client as Engine, Connection } from '@temporalio/client';
import { Client as Database } from 'pg';
import { audit } from '../../db/audit.ts';
import { isBroken } from '../../db/invariants/check.ts';
import { openOrm } from '../../db/orm.ts';
import { createBuilders } from '../support/builders.ts';
import { createClient, type PortalClient } from './client.ts';
import { castLife, createLives, type LifeKind } from './lives.ts';
import { judgeMails, type NoticeRow } from './mails.ts';
import { deeds, type Fault, fewDeeds, rage } from './nemesis.ts';
import { askAgain, compareWithRows } from './outcomes.ts';
import type { FaultReport } from './report.ts';
import { lapsesIn, untilQuiet } from './rest.ts';
import { type Rig, startRig } from './rig.ts';

export interface Plan {
  /** How many lives of each kind. */
  readonly lives: Readonly<Record<LifeKind, number>>;
  /** Between the beginnings of two lives. */
  readonly everyMs: number;
  /** Between two faults. */
  readonly pauseMs: number;
  readonly faults: 'all' | 'few';
}

export type Say = (text: string) => void;

/** Starts everything, lives the lives under faults, and judges what is left. */
export async function runFaults(plan: Plan, say: Say): Promise<FaultReport & { folder: string }> {
  const begun = Date.now();
  const rig = await startRig(say);
  let report: FaultReport | undefined;
  try {
    report = await rageAndJudge(rig, plan, say, begun);
    return { ...report, folder: rig.folder };
  } finally {
    await rig.stop(report === undefined || report.wrong.length > 0);
  }
}

async function rageAndJudge(rig: Rig, plan: Plan, say: Say, begun: number): Promise<FaultReport> {
  const client = createClient(rig.apiUrl);
  const lives = await prepareLives(rig, plan, client);
  say(`${lives.length} lives, one begins every ${plan.everyMs} ms`);
  const raging = rage(rig, plan.faults === 'all' ? deeds : fewDeeds, plan.pauseMs, say);
  const astray = await liveAll(lives, plan.everyMs);
  const faults = await raging;
  return judge(rig, plan, client, { begun, faults, astray, say });
}

type Life = () => Promise<void>;

/** Readers, books and a desk for every life, before anything is killed; the kinds take turns. */
async function prepareLives(rig: Rig, plan: Plan, client: PortalClient): Promise<Life[]> {
  const orm = await openOrm({ databaseUrl: rig.databaseUrl, poolSize: 4 });
  try {
    const build = createBuilders(orm, 'demo');
    const { token } = await build.staff('desk');
    const kinds = createLives(client, token);
    const lives: { at: number; life: Life }[] = [];
    for (const [kind, count] of Object.entries(plan.lives) as [LifeKind, number][]) {
      for (let n = 0; n < count; n += 1) {
        const cast = await castLife(build);
        lives.push({ at: (n + 0.5) / count, life: () => kinds[kind](cast) });
      }
    }
    return lives.toSorted((a, b) => a.at - b.at).map(({ life }) => life);
  } finally {
    await orm.close(true);
  }
}

/** Begins the lives one after the other and waits for the last to end. Answers what went astray. */
async function liveAll(lives: readonly Life[], everyMs: number): Promise<string[]> {
  const astray: string[] = [];
  const running: Promise<void>[] = [];
  for (const life of lives) {
    running.push(life().catch((error: unknown) => void astray.push(String(error))));
    await sleep(everyMs);
  }
  await Promise.all(running);
  return astray;
}

interface Run {
  readonly begun: number;
  readonly faults: readonly Fault[];
  readonly astray: readonly string[];
  readonly say: Say;
}

async function judge(rig: Rig, plan: Plan, client: PortalClient, run: Run): Promise<FaultReport> {
  const { say } = run;
  const database = new Database({ connectionString: rig.databaseUrl });
  await database.connect();
  const engine = new Engine({ connection: await Connection.connect({ address: rig.temporalAddress }) });
  say('all lives are over; waiting for the last notices');
  const rest = await untilQuiet(database, engine, 180_000);
  say('asking everything once more');
  const again = await askAgain(client);
  const { rows } = await database.query<NoticeRow>(
    `select id, state, attempts, failures from notice where channel = 'mail'`,
  );
  const mails = judgeMails(rows, rig.mailbox.messages);
  const differences = await compareWithRows(database, client.asked);
  // Seen from a minute ahead, so that the youngest rows and workflows are compared too.
  const audited = await audit(rig.env, { now: Date.now() + 61_000, grace: 'PT2M' });
  const lapses = await lapsesIn(database);
  await engine.connection.close();
  await database.end();
  const { hindrances, asked } = client;
  return {
    seconds: Math.round((Date.now() - run.begun) / 1_000),
    lives: plan.lives,
    requests: {
      answered: again.asked,
      askedMoreThanOnce: asked.filter(({ tries }) => tries > 1).length,
      connectionsLost: hindrances.lostConnections,
      unavailable: hindrances.unavailable,
      accepted: hindrances.accepted,
      askedAgain: again.asked,
    },
    faults: run.faults,
    crashes: Object.fromEntries(rig.services.map((service) => [service.name, service.crashes()])),
    quietAfterSeconds: rest.seconds,
    lapses,
    mails,
    audit: { invariants: audited.invariants.length, broken: audited.broken },
    wrong: [
      ...run.astray,
      ...asked.filter(({ reply }) => !reply).map(({ path }) => `${path} was never answered`),
      ...[...hindrances.faults].map(([what, times]) => `${what}, ${times} times`),
      ...(rest.quiet ? [] : [`still open at the end: ${JSON.stringify(rest.left)}`]),
      ...again.different,
      ...differences,
      ...mails.wrong,
      ...audited.invariants.filter(isBroken).map(({ name, ids }) => `${name}: ${ids.join(', ')}`),
    ],
  };
}
