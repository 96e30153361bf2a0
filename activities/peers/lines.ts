import type { Engine, Roused } from '../deps.ts';

/** A doorbell of somebody who is sending in this process. */
interface Bell {
  rung: boolean;
  ring: () => void;
}

/**
 * Who is sending in this process, by the ids of the lines. One who is need not be told through the engine that there is more: under load that spares a signal, a workflow task and an
 * activity for each message.
 */
export interface Lines {
  /** Opens the line to whoever rings, until `close`. */
  readonly open: (peerId: string) => Listening;
  /** True when somebody here is sending to that peer, who will look at the queue once more. */
  readonly ring: (roused: Roused) => boolean;
}

export interface Listening {
  /** Resolves when rung since the last look, or after `ms`; true when rung. */
  readonly wait: (ms: number) => Promise<boolean>;
  /** From now on ringing is not heard here, and whoever rings is told so. */
  readonly close: () => void;
}

/** An engine that is not asked to rouse who is heard here. */
export function ringingFirst(engine: Engine, lines: Lines): Engine {
  const rouse = async (processes: readonly Roused[]) => {
    const others = processes.filter((each) => !lines.ring(each));
    if (others.length > 0) await engine.rouse(others);
  };
  return { ...engine, rouse };
}

export function createLines(): Lines {
  const bells = new Map<string, Set<Bell>>();
  return {
    open: (peerId) => listen(bells, peerId),
    ring: ({ process, id }) => {
      const listening = process === 'peer' ? bells.get(id) : undefined;
      for (const bell of listening ?? []) {
        bell.rung = true;
        bell.ring();
      }
      return listening !== undefined;
    },
  };
}

function listen(bells: Map<string, Set<Bell>>, peerId: string): Listening {
  const bell: Bell = { rung: false, ring: () => undefined };
  const others = bells.get(peerId) ?? new Set();
  bells.set(peerId, others.add(bell));
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          bell.ring = () => undefined;
          const { rung } = bell;
          bell.rung = false;
          resolve(rung);
        };
        const timer = setTimeout(done, ms);
        bell.ring = done;
        if (bell.rung) done();
      }),
    close: () => {
      if (others.delete(bell) && others.size === 0) bells.delete(peerId);
    },
  };
}
