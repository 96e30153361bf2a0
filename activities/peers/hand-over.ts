import type { IllPeer } from '../../db/entities/index.ts';
import { agencyOf, peerOf, peersOf } from '../../domain/policy-peers.ts';
import type { Posted } from '../../peers/post.ts';
import { receive } from '../../peers/receive.ts';
import type { ActivityDeps } from '../deps.ts';

/**
 * Hands a message to a peer: over HTTP, or, to a library of this installation, to the same function that takes in what comes over HTTP. Throws an `Error` in plain words when no answer came.
 */
export async function deliver(
  deps: ActivityDeps,
  { library, code }: Pick<IllPeer, 'library' | 'code'>,
  xml: string,
  now: number,
): Promise<Posted> {
  const policy = deps.policies.get(library);
  const peer = peerOf(policy, code);
  const agency = agencyOf(policy);
  if (peer.library === undefined) return deps.post({ library, agency, peer, xml });
  if (!deps.policies.has(peer.library)) throw new Error(`There is no library ${peer.library} here.`);
  const knowsUs = peersOf(deps.policies.get(peer.library)).filter(
    (each) => each.agency.type === agency.type && each.agency.value === agency.value,
  );
  const codes = new Set(knowsUs.map((each) => each.code));
  const received = await receive(deps, { library: peer.library, xml, prove: () => codes, now });
  if (received.outcome === 'unauthenticated')
    throw new Error(`The library ${peer.library} has no peer ${agency.type}:${agency.value}.`);
  await deps.engine.rouse(received.rouse);
  return { status: 200, body: received.xml };
}
