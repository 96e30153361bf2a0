import { request } from './http.ts';
import type { Agency, IllStage } from './ill-stage.ts';
import { percentile, perSecond, round, timed } from './measure.ts';
import { say } from './stage.ts';
import { createWatch } from './watch.ts';
import { requestAct, supplyAct } from '../test/support/ill-paths.ts';
import { supplyIdOf } from '../peers/ids.ts';

const inFlight = 8;

export interface IllFigures {
  readonly flowsPerSec: number;
  /** Of everything: both libraries' workers and APIs, the engine, PostgreSQL. */
  readonly cpuSecondsPerFlow: number;
  readonly cpuSecondsByProgram: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of both databases; every query outside a transaction counts as one. */
  readonly commitsPerFlow: number;
}

interface RequestRow {
  readonly id: string;
  readonly state: string;
  readonly ref: string | null;
}

interface SupplyRow {
  readonly id: string;
  readonly status: string;
  readonly back: boolean;
}

const requestRows = `select request.id, request.state, attempt.our_ref as ref from ill_request request
  left join ill_attempt attempt on attempt.id = request.attempt_id where request.id = any(?::uuid[])`;
const supplyRows = `select id, status, sent_back_at is not null as back from supply_request where id = any(?::uuid[])`;

/** What a flow needs of each of the two libraries. */
type Place = Pick<Agency, 'url' | 'orm' | 'build'>;

interface Places {
  readonly asker: Place;
  readonly owner: Place;
}

const rowsOf =
  <Row>({ orm }: Place, text: string) =>
  (ids: readonly string[]) =>
    orm.em.getConnection().execute<Row[]>(text, [`{${ids.join(',')}}`]);

/** Librarians of both sides, and a look at how far each flow has come. */
export async function cast({ asker, owner }: Places) {
  return {
    askers: (await asker.build.staff('ill-librarian', 'desk')).token,
    owners: (await owner.build.staff('ill-librarian', 'desk')).token,
    requests: createWatch<RequestRow>(rowsOf(asker, requestRows)),
    supplies: createWatch<SupplyRow>(rowsOf(owner, supplyRows)),
  };
}

type Cast = Awaited<ReturnType<typeof cast>>;

const wish = (number: number) => ({
  service: 'loan',
  literature: 'book',
  work: { title: `A book that another library has, ${number}` },
  delivery: 'pickup',
  place: 'main',
  beneficiary: 'A visitor',
  override: ['duplicate', 'held-here'],
});

/** For somebody without a card (I7): request, will supply, loaned, received, returned, completed: what people do goes over the API, what libraries say over HTTP. Answers the ids on both sides. */
export async function flow({ asker, owner }: Places, people: Cast, number: number) {
  const { askers, owners, requests, supplies } = people;
  const submitted = await request(`${asker.url}/v1/staff/requests`, 'POST', askers, wish(number));
  const id = String(submitted.body.id);
  const { ref } = await requests.until(id, (row) => row.ref !== null);
  const supplyId = supplyIdOf('demo', 'asker', ref ?? '');
  await supplies.until(supplyId, () => true);
  const says = (act: string, given: object = {}) =>
    request(`${owner.url}${supplyAct(supplyId, act)}`, 'POST', owners, given);
  const does = (act: string, given: object = {}) =>
    request(`${asker.url}${requestAct(id, act)}`, 'POST', askers, given);
  await says('promise');
  await requests.until(id, ({ state }) => state === 'promised');
  await says('shipment', { item: 'K 17' });
  await requests.until(id, ({ state }) => state === 'shipped');
  await does('arrival', { desk: 'main' });
  await does('hand-out');
  await does('take-back', { desk: 'main' });
  await does('send-back');
  await supplies.until(supplyId, ({ back }) => back);
  await says('return', { desk: 'main' });
  await requests.until(id, ({ state }) => state === 'completed');
  return { id, supplyId };
}

/** Whole loans between two agencies over HTTP, eight at a time, the engine on the same machine. */
export async function measureIll(stage: IllStage, count: number) {
  const people = await cast(stage);
  let last = await flow(stage, people, 0);
  await perSecond(inFlight, inFlight, async (number) => void (await flow(stage, people, number + 1)));
  const durations: number[] = [];
  const looks = () => people.requests.looks() + people.supplies.looks();
  const [cpu, commits, looked] = [stage.cpu(), await stage.commits(), looks()];
  const flowsPerSec = await perSecond(count, inFlight, async (number) => {
    const ms = await timed(async () => {
      last = await flow(stage, people, number + 100);
    });
    durations.push(ms);
  });
  const used = Object.entries(stage.cpu()).map(
    ([name, seconds]) => [name, round((seconds - (cpu[name] ?? 0)) / count, 4)] as const,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const committed = (await stage.commits()) - commits - (looks() - looked);
  const ill: IllFigures = {
    flowsPerSec: round(flowsPerSec),
    cpuSecondsPerFlow: round(
      used.reduce((sum, [, seconds]) => sum + seconds, 0),
      3,
    ),
    cpuSecondsByProgram: Object.fromEntries(used),
    p50Ms: round(percentile(durations, 0.5), 0),
    p95Ms: round(percentile(durations, 0.95), 0),
    commitsPerFlow: round(committed / count, 1),
  };
  const events = {
    illRequest: await eventsOf(stage.asker, `ill:${last.id}`),
    supply: await eventsOf(stage.owner, `supply:${last.supplyId}`),
  };
  say(`  events ${JSON.stringify(events)}`);
  return { ill, events };
}

async function eventsOf({ client }: Agency, workflowId: string): Promise<number> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.result();
  return (await handle.fetchHistory()).events?.length ?? Number.NaN;
}
