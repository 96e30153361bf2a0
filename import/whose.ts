import type { LibraryPolicy } from '../domain/policy.ts';
import { agencyOf, type AgencyPolicy, peersOf } from '../domain/policy-peers.ts';
import { UnusableArguments } from './arguments.ts';
import type { Whose } from './holding-record.ts';

/** `DE-1` of `ISIL:DE-1`, and both together. */
const namesOf = ({ type, value }: AgencyPolicy): string[] => [value, `${type}-${value}`, `${type}:${value}`];

/** Whose holdings a file can state: the library's peers, by their codes and agencies and what the policy calls them in catalogues. Throws `UnusableArguments` for a peer it does not have. */
export function whose(policy: LibraryPolicy, peer: string | undefined): Whose {
  const peers = peersOf(policy);
  if (peer !== undefined && !peers.some(({ code }) => code === peer))
    throw new UnusableArguments(`The policy of ${policy.code} has no peer ${peer}.`);
  if (peers.length === 0) throw new UnusableArguments(`The policy of ${policy.code} has no peers.`);
  const supplier = (code: string) =>
    policy.ill === 'none' ? [] : (policy.ill.suppliers.peers[code]?.codes ?? []);
  const pairs = peers.flatMap(({ code, agency }) =>
    [code, ...namesOf(agency), ...supplier(code)].map((name) => [name.toUpperCase(), code] as const),
  );
  const own = namesOf(agencyOf(policy)).map((name) => [name.toUpperCase(), null] as const);
  return { peer, named: new Map<string, string | null>([...own, ...pairs]) };
}
