import { IllPeer } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { reader } from '../../db/transaction.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps } from '../deps.ts';

export interface SendQueued {
  readonly peerId: string;
  readonly now: number;
}

/** The activities of the workflow `peer:<id>`. */
export function createPeerActivities(deps: ActivityDeps) {
  return { sendQueued: (step: SendQueued) => sendQueued(deps, step) };
}

async function sendQueued(deps: ActivityDeps, { peerId, now }: SendQueued): Promise<Standing> {
  const row = present(await reader(deps.orm).findOne(IllPeer, { id: peerId }), `peer ${peerId}`);
  return { state: row.failingSince ? 'failing' : 'working', deliver: [], ended: true, asOf: now };
}
