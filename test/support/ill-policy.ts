import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { PeerKeys } from '../../config/peer-keys.ts';
import { illPolicy, type IllPolicy } from '../../domain/policy-ill.ts';

/** Another installation, as one of them knows it. */
export interface Neighbour {
  readonly name: string;
  readonly url: string;
  readonly edition: '1.2' | '2021';
}

export type IllGiven = Partial<Exclude<z.input<typeof illPolicy>, 'none'>>;

export const agencyNamed = (name: string) => ({ type: 'ISIL', value: `XX-${name.toUpperCase()}` });

/** Every installation of the tests serves a library of this code; they are told apart by their agencies. */
export const illLibrary = 'demo';

const named = (name: string) => ({ en: name, de: name, ja: name, zh: name });

/** What a policy file says of interlibrary loan among neighbours; `given` stands over it. */
export function illSection(name: string, neighbours: readonly Neighbour[], given: IllGiven = {}) {
  const peers = neighbours.map((each) => ({
    code: each.name,
    name: named(each.name),
    agency: agencyNamed(each.name),
    url: `${each.url}/iso18626/${illLibrary}`,
    edition: each.edition,
  }));
  return { mode: 'distributed' as const, agency: agencyNamed(name), peers, ...given };
}

export const illOf = (
  name: string,
  neighbours: readonly Neighbour[],
  given: IllGiven = {},
): IllPolicy | 'none' => illPolicy.parse(illSection(name, neighbours, given));

/** The secret that two know of each other, whoever asks for it. */
export const sharedSecret = (one: string, other: string): string =>
  createHash('sha256').update([one, other].toSorted().join('&')).digest('base64url');

/** The demonstration library's policy file for an installation of its own, with limits that nobody reaches and weeks instead of seconds. */
export function illPolicyFile(name: string, neighbours: readonly Neighbour[], given: IllGiven = {}) {
  const policy = parse(readFileSync('policies/demo.yaml', 'utf8')) as {
    readonly holds: object;
    readonly loans: { readonly renewals: object };
  };
  const { holds, loans } = policy;
  const unlimited = { total: 1_000_000 };
  const periods = { book: 'P28D', magazine: 'P28D', audiovisual: 'P28D' };
  return {
    ...policy,
    code: illLibrary,
    holds: { ...holds, limits: unlimited, window: 'P7D' },
    loans: { ...loans, limit: unlimited, periods, reminderBefore: ['P2D'], overdueSteps: ['P1D'] },
    ill: illSection(name, neighbours, given),
  };
}

/** What an installation and its neighbours prove themselves with to each other, as `CARREL_PEERS` says it. */
export function peerKeysText(name: string, neighbours: readonly Neighbour[]): string {
  const entries = neighbours.map((each) => {
    const keys = { in: sharedSecret(each.name, name), out: sharedSecret(name, each.name) };
    return [`${illLibrary}/${each.name}`, keys] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

export const peerKeys = (name: string, neighbours: readonly Neighbour[]): ReadonlyMap<string, PeerKeys> =>
  new Map(Object.entries(JSON.parse(peerKeysText(name, neighbours)) as Record<string, PeerKeys>));
