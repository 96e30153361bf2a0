import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { v7 as uuid } from 'uuid';
import { bareHold, bareLoan, borrowed, collected, placed, returned, secured } from './bare/workflows.ts';
import { request } from './http.ts';
import { p50, perSecond, round, timed } from './measure.ts';
import { makeCopies, makePatrons, makeStaff } from './rows.ts';
import { say, signIn, type Stage } from './stage.ts';

const lanes = 16;

/** One item that goes back and forth between two readers: each cycle is a hold from its request to its collection, and the loan before it returned. */
interface Lane {
  readonly titleId: string;
  readonly barcode: string;
  readonly readers: readonly { readonly id: string; readonly token: string }[];
  turn: number;
}

async function makeLanes(stage: Stage, desk: string): Promise<Lane[]> {
  const copies = await makeCopies(stage.sql, lanes, 'available');
  const ids = await makePatrons(stage.sql, 2 * lanes);
  const readers = await Promise.all(
    ids.map(async (id) => ({ id, token: await signIn(stage, 'patron', id) })),
  );
  return Promise.all(
    copies.map(async ({ titleId, barcode }, index) => {
      const pair = readers.slice(2 * index, 2 * index + 2);
      const card = pair[0]?.id ?? '';
      await request(`${stage.url}/v1/staff/check-outs`, 'POST', desk, { card, barcode, branch: 'main' });
      return { titleId, barcode, readers: pair, turn: 1 };
    }),
  );
}

/** Place, secure by the previous reader's return, the mail, collect – each step as HTTP, the mail over SMTP. */
async function cycle(stage: Stage, desk: string, lane: Lane): Promise<string> {
  const reader = lane.readers[lane.turn % 2];
  if (!reader) throw new Error('a lane has two readers');
  lane.turn += 1;
  const wish = { titleId: lane.titleId, pickupPlace: 'main', contact: 'mail' };
  const hold = await request(`${stage.url}/v1/holds`, 'POST', reader.token, wish);
  const mailed = stage.nextMailTo(`${reader.id}@bench.example`);
  const scan = { barcode: lane.barcode, branch: 'main' };
  const [checked] = await Promise.all([
    request(`${stage.url}/v1/staff/check-ins`, 'POST', desk, scan),
    mailed,
  ]);
  if (checked.body.do !== 'keep') throw new Error(`the copy was not kept: ${JSON.stringify(checked.body)}`);
  const loan = { card: reader.id, barcode: lane.barcode, branch: 'main' };
  await request(`${stage.url}/v1/staff/check-outs`, 'POST', desk, loan);
  return String(hold.body.id);
}

async function bareCycle(client: Client): Promise<void> {
  const workflowId = `bare:${uuid()}`;
  await barePlace(client, workflowId);
  const handle = client.workflow.getHandle(workflowId);
  await handle.executeUpdate(secured);
  await handle.executeUpdate(collected);
  await handle.result();
}

/** The bare hold and, beside it, the bare loan that Carrel's cycle ends and begins: what the two processes cost the engine. */
async function barePair(client: Client): Promise<void> {
  await bareCycle(client);
  const workflowId = `bare-loan:${uuid()}`;
  const startWorkflowOperation = new WithStartWorkflowOperation(bareLoan, {
    workflowId,
    taskQueue: 'bare',
    args: [workflowId],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  await client.workflow.executeUpdateWithStart(borrowed, { startWorkflowOperation });
  await client.workflow.getHandle(workflowId).executeUpdate(returned);
}

function barePlace(client: Client, workflowId: string): Promise<string> {
  const startWorkflowOperation = new WithStartWorkflowOperation(bareHold, {
    workflowId,
    taskQueue: 'bare',
    args: [workflowId],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return client.workflow.executeUpdateWithStart(placed, { startWorkflowOperation });
}

export interface Lifecycle {
  readonly holdLifecycle: {
    readonly carrelPerSec: number;
    readonly barePerSec: number;
    readonly ratio: number;
    /** For information: the same against a bare hold and a bare loan. */
    readonly barePairsPerSec: number;
    readonly pairRatio: number;
  };
  readonly events: { readonly hold: number; readonly loan: number; readonly renewal: number };
}

/** Whole life cycles a second, Carrel's and the bare ones' in turn, on the same servers; the better of two rounds each. */
export async function measureLifecycle(stage: Stage, cycles: number): Promise<Lifecycle> {
  const desk = await signIn(stage, 'staff', await makeStaff(stage.sql));
  const ways = await makeLanes(stage, desk);
  const free = [...ways];
  let lastHold = '';
  const carrel = (count: number) =>
    perSecond(count, lanes, async () => {
      const lane = free.pop();
      if (!lane) throw new Error('more cycles at once than lanes');
      lastHold = await cycle(stage, desk, lane);
      free.push(lane);
    });
  const bare = (count: number) => perSecond(count, lanes, () => bareCycle(stage.bareClient));
  const pairs = (count: number) => perSecond(count, lanes, () => barePair(stage.bareClient));
  await carrel(2 * lanes);
  await bare(2 * lanes);
  const rounds = { carrel: [] as number[], bare: [] as number[], pairs: [] as number[] };
  for (let turn = 0; turn < 2; turn += 1) {
    rounds.carrel.push(await carrel(cycles));
    rounds.bare.push(await bare(cycles));
    rounds.pairs.push(await pairs(cycles));
  }
  say(`  rounds a second: ${JSON.stringify(rounds)}`);
  const [carrelPerSec, barePerSec] = [Math.max(...rounds.carrel), Math.max(...rounds.bare)];
  const barePairsPerSec = Math.max(...rounds.pairs);
  return {
    holdLifecycle: {
      carrelPerSec: round(carrelPerSec),
      barePerSec: round(barePerSec),
      ratio: round(carrelPerSec / barePerSec),
      barePairsPerSec: round(barePairsPerSec),
      pairRatio: round(carrelPerSec / barePairsPerSec),
    },
    events: await countEvents(stage, desk, lastHold),
  };
}

/** Exact: the events of a collected hold, of a loan returned before its first reminder, and what a renewal adds to a loan. */
async function countEvents(stage: Stage, desk: string, holdId: string): Promise<Lifecycle['events']> {
  const eventsOf = async (workflowId: string) => {
    const handle = stage.client.workflow.getHandle(workflowId);
    await handle.result();
    return (await handle.fetchHistory()).events?.length ?? Number.NaN;
  };
  const [reader = ''] = await makePatrons(stage.sql, 1);
  const token = await signIn(stage, 'patron', reader);
  const loan = async (renewed: boolean) => {
    const [copy] = await makeCopies(stage.sql, 1, 'available');
    const barcode = copy?.barcode ?? '';
    const lent = await request(`${stage.url}/v1/staff/check-outs`, 'POST', desk, {
      card: reader,
      barcode,
      branch: 'main',
    });
    const id = String(lent.body.id);
    if (renewed) {
      await stage.sql(`update loan set due_at = now() + interval '3 days' where id = ?`, [id]);
      await request(`${stage.url}/v1/loans/${id}/renewals`, 'POST', token);
    }
    await request(`${stage.url}/v1/staff/check-ins`, 'POST', desk, { barcode, branch: 'main' });
    return eventsOf(`loan:${id}`);
  };
  const plain = await loan(false);
  return { hold: await eventsOf(`hold:${holdId}`), loan: plain, renewal: (await loan(true)) - plain };
}

export interface FirstAnswer {
  readonly carrelP50Ms: number;
  readonly bareP50Ms: number;
  readonly ratio: number;
}

/** How long a reader waits for "placed", one at a time, against a bare start whose first activity is a regular one. */
export async function measureFirstAnswer(stage: Stage, times: number): Promise<FirstAnswer> {
  const copies = await makeCopies(stage.sql, times, 'on-loan');
  const [reader = ''] = await makePatrons(stage.sql, 1);
  const token = await signIn(stage, 'patron', reader);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const { titleId } of copies) {
    const wish = { titleId, pickupPlace: 'main', contact: 'mail' };
    ours.push(await timed(() => request(`${stage.url}/v1/holds`, 'POST', token, wish)));
    theirs.push(await timed(() => barePlace(stage.bareClient, `bare:${uuid()}`)));
  }
  return {
    carrelP50Ms: round(p50(ours)),
    bareP50Ms: round(p50(theirs)),
    ratio: round(p50(ours) / p50(theirs)),
  };
}
