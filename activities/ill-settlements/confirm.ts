import { IllSettlementLine } from '../../db/entities/index.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { compareStatements } from '../../domain/ill-settlement.ts';
import { peersOf } from '../../domain/policy-peers.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import type { SettlementAnswer } from './lines.ts';
import {
  type Doing,
  isOpen,
  lockPair,
  type Pair,
  seenTo,
  settlementPolicyOf,
  settlementSubject,
  statedLines,
  tellStory,
  theirLines,
  unconfirm,
} from './rows.ts';

export interface ActOnSettlement extends Step {
  readonly library: string;
  readonly settlementId: string;
  readonly actor: Actor;
}

export interface ConfirmSettlement extends ActOnSettlement {
  /** `theirs`: staff have it in writing. A library of this installation confirms for itself. */
  readonly side: 'ours' | 'theirs';
}

export interface SettlementSent extends SettlementAnswer {
  /** Mails to be delivered. */
  readonly deliver: readonly string[];
}

/** Sends the statement to the other library – by mail, where the policy has an address –, as often as staff ask for it. */
export async function sendSettlement(
  deps: ActivityDeps,
  step: ActOnSettlement,
): Promise<Refused | SettlementSent> {
  let deliver: string[] = [];
  const answer = await acting(deps, step, async (tx, { ours }, doing) => {
    if (!isOpen(ours)) return refuse({ code: 'settlement-moved-on' });
    ours.sentAt = doing.at;
    if (ours.state === 'drawn') ours.state = 'sent';
    const notice = await mail(deps, tx, ours, step.operation, doing);
    deliver = notice === undefined ? [] : [notice];
    await seenTo(tx, ours, doing);
    tellStory(tx, ours, 'settlement-sent', doing);
    return undefined;
  });
  return 'refused' in answer ? answer : { ...answer, deliver };
}

async function mail(
  { policies }: ActivityDeps,
  tx: Tx,
  settlement: Pair['ours'],
  cause: string,
  { at }: Doing,
): Promise<string | undefined> {
  const policy = policies.get(settlement.library);
  const address = settlementPolicyOf(policy)?.addresses[settlement.peer];
  if (address === undefined) return undefined;
  const { language } = policy;
  const name =
    peersOf(policy).find(({ code }) => code === settlement.peer)?.name[language] ?? settlement.peer;
  const to = { audience: 'staff', address, name, language } as const;
  const content = { settlementId: settlement.id };
  return queueNotice(tx, policy, to, settlementSubject(settlement), {
    kind: 'library-settlement',
    cause,
    at,
    content,
  });
}

/**
 * One side confirms (I17), once: confirmed again, it stays as the first has left it. Refused while a line is disputed, or as long as the two statements differ as far as both
 * are known; of a library of this installation they must both be drawn up. Confirmed by both, one that comes to nothing is settled.
 */
export function confirmSettlement(
  deps: ActivityDeps,
  step: ConfirmSettlement,
): Promise<Refused | SettlementAnswer> {
  return acting(deps, step, async (tx, pair, doing) => {
    const { ours, theirs, inHouse } = pair;
    if (!isOpen(ours) || (step.side === 'theirs' && inHouse)) return refuse({ code: 'settlement-moved-on' });
    if (await differs(tx, pair)) return refuse({ code: 'settlement-differs' });
    if ((step.side === 'ours' ? ours.ourConfirmedAt : ours.theirConfirmedAt) != null) return undefined;
    const { at, actor } = doing;
    const [us, them] = [
      { ourConfirmedAt: at, ourConfirmedBy: actor },
      { theirConfirmedAt: at, theirConfirmedBy: actor },
    ];
    Object.assign(ours, step.side === 'ours' ? us : them);
    if (theirs) Object.assign(theirs, them);
    await seenTo(tx, ours, doing);
    tellStory(tx, ours, 'settlement-confirmed', doing);
    for (const side of [ours, theirs]) if (side) await completed(tx, side, doing);
    return undefined;
  });
}

async function differs(tx: Tx, pair: Pair): Promise<boolean> {
  const { ours, theirs } = pair;
  const ids = [ours.id, ...(theirs ? [theirs.id] : [])];
  if ((await tx.count(IllSettlementLine, { settlementId: { $in: ids }, state: 'disputed' })) > 0) return true;
  const there = await theirLines(tx, pair);
  if (there === undefined) return pair.inHouse;
  const compared = compareStatements(await statedLines(tx, ours.id), there);
  return compared.some(({ difference }) => difference !== 'same');
}

async function completed(tx: Tx, settlement: Pair['ours'], doing: Doing): Promise<void> {
  if (settlement.ourConfirmedAt == null || settlement.theirConfirmedAt == null) return;
  settlement.state = 'confirmed';
  if (settlement.total !== 0n) return;
  Object.assign(settlement, {
    state: 'settled',
    settledBy: 'nothing',
    settledAt: doing.at,
    endedAt: doing.at,
  });
  tellStory(tx, settlement, 'settlement-settled', doing);
}

/** Takes a settlement back that was drawn up too early or wrongly: its lines may stand in another one. */
export function withdrawSettlement(
  deps: ActivityDeps,
  step: ActOnSettlement,
): Promise<Refused | SettlementAnswer> {
  return acting(deps, step, async (tx, { ours, theirs }, doing) => {
    if (!isOpen(ours)) return refuse({ code: 'settlement-moved-on' });
    await tx.nativeUpdate(IllSettlementLine, { settlementId: ours.id }, { state: 'left-out' });
    Object.assign(ours, { state: 'withdrawn', total: 0n, endedAt: doing.at });
    if (theirs) await unconfirm(tx, theirs, doing.at);
    await seenTo(tx, ours, doing, 'dropped');
    tellStory(tx, ours, 'settlement-withdrawn', doing);
    return undefined;
  });
}

export function acting(
  deps: ActivityDeps,
  step: ActOnSettlement,
  work: (tx: Tx, pair: Pair, doing: Doing) => Promise<Refused | undefined>,
): Promise<Refused | SettlementAnswer> {
  const { library, settlementId, actor, now } = step;
  return once(deps.orm, step, async (tx): Promise<Refused | SettlementAnswer> => {
    const pair = await lockPair(deps, tx, library, settlementId);
    if (!pair) return refuse({ code: 'settlement-unknown' });
    return (await work(tx, pair, { at: new Date(now), actor })) ?? { settlementId };
  });
}
