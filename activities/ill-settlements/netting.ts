import { v7 as uuid } from 'uuid';
import { IllNetting, IllNettingPosition, IllSettlement } from '../../db/entities/index.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { netPositions } from '../../domain/ill-settlement.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { book, netting, peerAccount } from '../ledger.ts';
import { type Doing, lockSettlements, otherSide, seenTo, settlementPolicyOf, tellStory } from './rows.ts';

export interface NetSettlements extends Step {
  /** Of the library whose staff ask for it; it takes part. */
  readonly library: string;
  readonly actor: Actor;
}

export interface Netted {
  /** One for each currency. */
  readonly nettingIds: readonly string[];
}

/**
 * Nets what the installation's libraries owe each other (I17): every settlement of libraries that take part (`ill.settlement.netting`) which both sides have confirmed
 * and nobody has paid. Each library's books show the sum on `netting:ill`; the sums of all come to nothing.
 */
export function netSettlements(deps: ActivityDeps, step: NetSettlements): Promise<Refused | Netted> {
  const { library, actor, now } = step;
  return once(deps.orm, step, async (tx): Promise<Refused | Netted> => {
    if (!takesPart(deps, library)) return refuse({ code: 'netting-nothing' });
    const pairs = await confirmedPairs(deps, tx);
    if (!pairs.some((each) => each.library === library)) return refuse({ code: 'netting-nothing' });
    const doing = { at: new Date(now), actor };
    const ids: string[] = [];
    for (const [currency, rows] of Map.groupBy(pairs, (each) => each.currency))
      ids.push(await netOne(tx, currency, rows, doing));
    return { nettingIds: ids };
  });
}

const takesPart = ({ policies }: ActivityDeps, library: string): boolean =>
  policies.has(library) && settlementPolicyOf(policies.get(library))?.netting === true;

/** Settlements that both libraries of a pair have confirmed, of opposite sums, and nobody has paid; locked. */
async function confirmedPairs(deps: ActivityDeps, tx: Tx): Promise<IllSettlement[]> {
  const seen = await tx.find(IllSettlement, { state: 'confirmed' }, { fields: ['id'] });
  const locked = await lockSettlements(
    tx,
    seen.map(({ id }) => id),
  );
  const waiting = locked.filter(({ state, library }) => state === 'confirmed' && takesPart(deps, library));
  return waiting.filter((one) => {
    const other = otherSide(deps.policies, one);
    return waiting.some(
      (each) =>
        other !== undefined &&
        each.library === other.library &&
        each.peer === other.peer &&
        each.currency === other.currency &&
        each.toOn === other.toOn &&
        each.total === -one.total,
    );
  });
}

async function netOne(
  tx: Tx,
  currency: string,
  rows: readonly IllSettlement[],
  doing: Doing,
): Promise<string> {
  const id = uuid();
  tx.create(IllNetting, { id, currency, actor: doing.actor, nettedAt: doing.at });
  await tx.flush();
  const balances = rows.map(({ library, peer, total }) => ({ library, peer, amount: total }));
  for (const [library, amount] of netPositions(balances)) {
    const own = rows.filter((each) => each.library === library);
    const journalId = await bookNetting(tx, { id, library, currency, amount }, own, doing);
    const nothing = amount === 0n ? ({ settledAt: doing.at, settledBy: 'nothing' } as const) : {};
    tx.create(IllNettingPosition, { nettingId: id, library, amount, journalId, ...nothing });
    for (const row of own) {
      const { at } = doing;
      tx.assign(row, {
        state: 'settled',
        settledBy: 'netting',
        settledAt: at,
        endedAt: at,
        journalId,
        nettingId: id,
      });
      await seenTo(tx, row, doing);
      tellStory(tx, row, 'settlement-settled', doing);
    }
  }
  await tx.flush();
  return id;
}

interface Position {
  readonly id: string;
  readonly library: string;
  readonly currency: string;
  readonly amount: bigint;
}

function bookNetting(
  tx: Tx,
  { id, library, currency, amount }: Position,
  own: readonly IllSettlement[],
  { at, actor }: Doing,
): Promise<string> {
  const lines = own.map(({ peer, total }) => ({ account: peerAccount(peer), amount: -total }));
  const operation = `ill:netting:${id}:${library}`;
  const all = [...lines, { account: netting, amount }];
  return book(tx, { library, operation, kind: 'ill-netting', currency, at, actor, lines: all });
}
