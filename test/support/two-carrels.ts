import { Connection } from '@temporalio/client';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Carrel, type CarrelOptions, startCarrel } from './carrel.ts';
import { type IllGiven, illOf, type Neighbour, peerKeys } from './ill-policy.ts';
import { createNamespace } from './namespace.ts';
import { devServer } from './temporal.ts';
import { openWire, type Passed, type Wire } from './wire.ts';

/** How one of several installations is made; the others know it by its name. */
export interface Member {
  /** The edition in which the others speak to it. */
  readonly edition?: Neighbour['edition'];
  /** Of its interlibrary loan policy, what the others' being there does not say. */
  readonly ill?: IllGiven;
  readonly change?: (policy: LibraryPolicy) => LibraryPolicy;
  readonly options?: Omit<CarrelOptions, 'change' | 'namespace' | 'library'>;
  /** Whom it knows; all others unless stated. */
  readonly knows?: readonly string[];
}

export interface Letter extends Passed {
  readonly from: string;
  readonly to: string;
}

/**
 * Complete installations of Carrel that know nothing of each other but an address: own databases, namespaces, workers, mail servers, policies and secrets,
 * and between each two a wire either way which can be cut (`wire('a', 'b')`: what a sends to b) and which keeps all that went over it.
 */
export async function startInstallations<N extends string>(members: Readonly<Record<N, Member>>) {
  const names = Object.keys(members) as N[];
  const { address } = await devServer();
  const connection = await Connection.connect({ address });
  const wires = new Map<string, Wire>();
  for (const from of names)
    for (const to of names) if (from !== to) wires.set(`${from}>${to}`, await openWire());
  const wire = (from: N, to: N): Wire => {
    const found = wires.get(`${from}>${to}`);
    if (!found) throw new Error(`There is no wire from ${from} to ${to}.`);
    return found;
  };

  const start = async (name: N): Promise<readonly [N, Carrel]> => {
    const { ill, options, change = (policy) => policy, knows } = members[name];
    const neighbours = names
      .filter((other) => other !== name && (knows?.includes(other) ?? true))
      .map((other) => ({
        name: other,
        url: wire(name, other).url,
        edition: members[other].edition ?? '1.2',
      }));
    const carrel = await startCarrel({
      ...options,
      peerKeys: peerKeys(name, neighbours),
      namespace: await createNamespace(connection),
      change: (policy) => change({ ...policy, ill: illOf(name, neighbours, ill) }),
    });
    for (const other of names) if (other !== name) wire(other, name).leadsTo(carrel.url);
    return [name, carrel];
  };
  const started: (readonly [N, Carrel])[] = [];
  const stop = async () => {
    await Promise.all([...wires.values()].map((each) => each.close()));
    await Promise.all(started.map(([, carrel]) => carrel.stop()));
    await connection.close();
  };
  try {
    for (const name of names) started.push(await start(name));
  } catch (error) {
    await stop();
    throw error;
  }
  const installations = Object.fromEntries(started) as Record<N, Carrel>;

  return {
    ...installations,
    editionOf: (name: string) => members[name as N].edition ?? '1.2',
    wire,
    /** Everything that went over the wires, in order of time. */
    letters: (): Letter[] =>
      [...wires]
        .flatMap(([key, { passed }]) => {
          const [from = '', to = ''] = key.split('>');
          return passed.map((each) => ({ ...each, from, to }));
        })
        .toSorted((a, b) => a.at - b.at),
    stop,
  };
}

export type Installations<N extends string> = Awaited<ReturnType<typeof startInstallations<N>>>;
