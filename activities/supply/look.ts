import type { SupplyRequest } from '../../db/entities/index.ts';
import { lockSupply } from '../../db/locks.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { Standing } from '../../domain/standing.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { settleMessage, storedFor, type StoredMessage } from '../peers/heed.ts';
import { greet, insertSupply } from './begin.ts';
import { relayDown } from './centre/relay-down.ts';
import { relayUp } from './centre/relay-up.ts';
import type { SupplyInHand } from './desk.ts';
import { doWhatIsDue } from './due.ts';
import { heedMessage } from './heed.ts';
import { planNextLook, supplyStanding } from './standing.ts';
import type { LookAtSupply } from './steps.ts';

interface Looked {
  readonly standing: Standing;
  readonly rouse: readonly Roused[];
  readonly wake: readonly string[];
}

/** Heeds what the requester has said since, the request itself first of all; does what has become due; tells where it stands (I8). One transaction, and one more for each message that a centre passes on. */
export async function lookAtSupply(deps: ActivityDeps, look: LookAtSupply): Promise<Standing> {
  await relayUp(deps, look);
  const { standing, rouse, wake } = await inTransaction(deps.orm, (tx) => lookAt(deps, tx, look));
  await Promise.all([deps.engine.rouse(rouse), deps.engine.wake(wake)]);
  return standing;
}

/** No request came under this id, or it was refused when it came. */
const nothing = (now: number): Looked => ({
  standing: { state: 'unknown', deliver: [], ended: true, asOf: now },
  rouse: [],
  wake: [],
});

async function lookAt(deps: ActivityDeps, tx: Tx, look: LookAtSupply): Promise<Looked> {
  const { supplyId, library, now } = look;
  const policy = deps.policies.get(library);
  const known = await lockSupply(tx, supplyId);
  const stored = await storedFor(tx, supplyId);
  const begun = known ?? (await begin());
  if (!begun) return nothing(now);
  const supply = begun;
  const hand: SupplyInHand = {
    deps,
    tx,
    policy,
    supply,
    at: new Date(now),
    actor: 'system',
    rouse: [],
    wake: [],
  };
  if (!known) await greet(hand);
  for (const message of stored.filter(({ row }) => row.state === 'stored')) await heedMessage(hand, message);
  if (supply.forwards) await relayDown(hand);
  await doWhatIsDue(hand);
  planNextLook(policy, supply);
  await tx.flush();
  return { standing: supplyStanding(supply, now), rouse: hand.rouse, wake: hand.wake };

  async function begin(): Promise<SupplyRequest | undefined> {
    const first = stored.find(isRequest);
    if (!first) return undefined;
    const row = await insertSupply(tx, policy, supplyId, first);
    settleMessage(first, 'heeded', new Date(now));
    return row;
  }
}

const isRequest = (message: StoredMessage): message is Extract<StoredMessage, { name: 'request' }> =>
  message.name === 'request';
