import { v7 as uuid } from 'uuid';
import { IllSettlementLine, IllTransaction } from '../../db/entities/index.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { correctBetween } from '../ill/transactions.ts';
import { type Doing, isOpen, lockPair, type Pair, relined, tellStory } from './rows.ts';

interface OnLine extends Step {
  readonly library: string;
  readonly settlementId: string;
  readonly lineId: string;
  readonly actor: Actor;
  /** What staff wrote to it. */
  readonly remarkId: string;
}

export interface DisputeLine extends OnLine {
  readonly by: 'us' | 'them';
}

/** `keep`: it is right after all; `leave-out`: it is not settled this time; `correct`: both agree that the supplier gets `costMinor`, in the settlement's currency. */
export type DecideLine = OnLine & {
  readonly decision: 'keep' | 'leave-out' | 'correct';
  readonly costMinor?: number;
};

export interface SettlementAnswer {
  readonly settlementId: string;
}

/** One of the two says that a line is wrong, and why (I17): nothing is confirmed until it is decided. */
export function disputeLine(deps: ActivityDeps, step: DisputeLine): Promise<Refused | SettlementAnswer> {
  return onLine(deps, step, async (tx, pair, line, doing) => {
    const { by: disputedBy, remarkId } = step;
    tx.assign(line, { state: 'disputed', disputedBy, remarkId, disputedAt: doing.at });
    await relined(tx, pair, doing);
    tellStory(tx, pair.ours, 'settlement-disputed', doing, { amountMinor: Number(line.amount) });
    return undefined;
  });
}

/** What becomes of a line, disputed or not. What is corrected is booked by a reversal of the difference, and that stands in the same settlement. */
export function decideLine(deps: ActivityDeps, step: DecideLine): Promise<Refused | SettlementAnswer> {
  return onLine(deps, step, async (tx, pair, line, doing) => {
    if (step.decision === 'correct') {
      const corrected = await correct(tx, pair, line, step, doing);
      if (corrected) return corrected;
    }
    line.state = step.decision === 'leave-out' ? 'left-out' : 'counted';
    await relined(tx, pair, doing);
    const detail = { decision: step.decision, amountMinor: Number(line.amount), remarkId: step.remarkId };
    tellStory(tx, pair.ours, 'settlement-line-decided', doing, detail);
    return undefined;
  });
}

type Work = (tx: Tx, pair: Pair, line: IllSettlementLine, doing: Doing) => Promise<Refused | undefined>;

function onLine(deps: ActivityDeps, step: OnLine, work: Work): Promise<Refused | SettlementAnswer> {
  const { library, settlementId, lineId, actor, now } = step;
  return once(deps.orm, step, async (tx): Promise<Refused | SettlementAnswer> => {
    const pair = await lockPair(deps, tx, library, settlementId);
    if (!pair) return refuse({ code: 'settlement-unknown' });
    if (!isOpen(pair.ours)) return refuse({ code: 'settlement-moved-on' });
    const line = await tx.findOne(IllSettlementLine, { id: lineId, settlementId });
    if (!line || line.state === 'left-out') return refuse({ code: 'settlement-line-unknown' });
    return (await work(tx, pair, line, { at: new Date(now), actor })) ?? { settlementId };
  });
}

async function correct(
  tx: Tx,
  { ours }: Pair,
  { transactionId }: IllSettlementLine,
  { costMinor = 0, operation, remarkId }: DecideLine,
  { at, actor }: Doing,
): Promise<Refused | undefined> {
  const { id, reverses } = await tx.findOneOrFail(IllTransaction, { id: transactionId });
  const change = { key: `ill:corrected:${operation}`, at, actor, reason: 'settlement', remarkId };
  const made = await correctBetween(tx, reverses ?? id, costMinor, change);
  if (!made) return refuse({ code: 'settlement-moved-on' });
  const row = {
    settlementId: ours.id,
    transactionId: made.id,
    amount: made.amount,
    state: 'counted',
  } as const;
  tx.create(IllSettlementLine, { id: uuid(), ...row });
  return undefined;
}
