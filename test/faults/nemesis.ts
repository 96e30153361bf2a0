import { setTimeout as sleep } from 'node:timers/promises';
import type { Rig } from './rig.ts';
import type { Service } from './service.ts';

/** Something that was done to the rig. */
export interface Fault {
  readonly what: string;
  /** Seconds after the first life began. */
  readonly atSecond: number;
  /** How long it was away, and how long it then took to serve again; milliseconds. */
  readonly downMs: number;
  readonly backMs: number;
}

type Deed<R = Rig> = (rig: R) => Promise<Omit<Fault, 'atSecond'>>;

const kill =
  <R = Rig>(pick: (rig: R) => Service, downMs: number): Deed<R> =>
  async (rig) => {
    const service = pick(rig);
    return { what: `kill -9 ${service.name}`, downMs, backMs: await service.kill(downMs) };
  };

const killBothWorkers: Deed = async ({ workers }) => {
  const backMs = Math.max(...(await Promise.all(workers.map((worker) => worker.kill(2_000)))));
  return { what: 'kill -9 both workers', downMs: 2_000, backMs };
};

const mailRefuses: Deed = async ({ mailbox }) => {
  mailbox.behave(() => ({ code: 451, message: 'Try again later' }));
  await sleep(12_000);
  mailbox.behave();
  return { what: 'mail refused with 451', downMs: 12_000, backMs: 0 };
};

/** The server has taken the mail, and the connection is lost before it could say so. */
const mailLosesAnAnswer: Deed = async ({ mailbox }) => {
  const begun = Date.now();
  await new Promise<void>((resolve) => {
    const patience = setTimeout(resolve, 10_000);
    mailbox.behave(undefined, () => {
      mailbox.behave();
      clearTimeout(patience);
      resolve();
      return 'drop';
    });
  });
  return { what: 'mail taken, its answer lost', downMs: Date.now() - begun, backMs: 0 };
};

const one = (rig: Rig) => rig.workers[0];
const two = (rig: Rig) => rig.workers[1];
const postgres = (rig: Rig) => rig.postgres;
const temporal = (rig: Rig) => rig.temporal;

/** All that is done, in this order, one after the other. */
export const deeds: readonly Deed[] = [
  kill(one, 1_000),
  kill(postgres, 2_000),
  mailRefuses,
  kill(temporal, 2_000),
  kill(two, 1_000),
  mailLosesAnAnswer,
  kill(postgres, 6_000),
  kill((rig) => rig.api, 1_000),
  kill(temporal, 6_000),
  killBothWorkers,
];

/** One of each, for a short run. */
export const fewDeeds: readonly Deed[] = [
  kill(one, 1_000),
  kill(postgres, 1_000),
  kill(temporal, 1_000),
  mailLosesAnAnswer,
];

interface Two {
  readonly asker: Rig;
  readonly owner: Rig;
}

/** Of two libraries that ask each other, either side's everything. */
export const illDeeds: readonly Deed<Two>[] = [
  kill(({ asker }) => asker.workers[0], 1_000),
  kill(({ owner }) => owner.api, 3_000),
  kill(({ owner }) => owner.workers[1], 1_000),
  kill(({ asker }) => asker.postgres, 3_000),
  kill(({ owner }) => owner.temporal, 3_000),
  kill(({ asker }) => asker.api, 1_000),
  kill(({ owner }) => owner.postgres, 3_000),
  kill(({ asker }) => asker.temporal, 3_000),
];

/** Does the deeds with pauses between them in which the service can come to itself. */
export async function rage<R = Rig>(
  rig: R,
  plan: readonly Deed<R>[],
  pauseMs: number,
  say: (text: string) => void,
): Promise<Fault[]> {
  const begun = Date.now();
  const faults: Fault[] = [];
  for (const deed of plan) {
    await sleep(pauseMs);
    const atSecond = Math.round((Date.now() - begun) / 1_000);
    const fault = { ...(await deed(rig)), atSecond };
    faults.push(fault);
    say(`${fault.atSecond} s: ${fault.what}, away ${fault.downMs} ms, back after ${fault.backMs} ms`);
  }
  return faults;
}
