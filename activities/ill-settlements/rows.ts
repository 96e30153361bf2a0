import type { EntityDictionary } from '@mikro-orm/core';
import { IllSettlement, IllSettlementLine, IllSettlementTheirs } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { StatedLine } from '../../domain/ill-settlement.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { peersOf } from '../../domain/policy-peers.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { record, type Subject } from '../record.ts';
import { openTask, resolveTask } from '../tasks.ts';

export const settlementSubject = ({ id, library }: Pick<IllSettlement, 'id' | 'library'>): Subject => ({
  type: 'ill-settlement',
  id,
  library,
  patronId: null,
});

/** Locks settlements in the order of their ids; last of all locks. */
export async function lockSettlements(tx: Tx, ids: readonly string[]): Promise<IllSettlement[]> {
  const sql = 'select * from ill_settlement where id = any(?::uuid[]) order by id for no key update';
  const rows = await tx.execute<EntityDictionary<IllSettlement>[]>(sql, [`{${ids.join(',')}}`]);
  return rows.map((row) => tx.map(IllSettlement, row));
}

export interface Pair {
  readonly ours: IllSettlement;
  /** The other library's own settlement with us, where both are libraries of this installation and it is drawn up. */
  readonly theirs: IllSettlement | undefined;
  /** Whether the other is a library of this installation. */
  readonly inHouse: boolean;
}

/** Locks a library's settlement, and with it the other side's, where it is in this installation too. */
export async function lockPair(
  { policies }: Pick<ActivityDeps, 'policies'>,
  tx: Tx,
  library: string,
  settlementId: string,
): Promise<Pair | undefined> {
  const seen = await tx.findOne(IllSettlement, { id: settlementId, library });
  if (!seen) return undefined;
  const other = otherSide(policies, seen);
  const there = other && (await tx.findOne(IllSettlement, other));
  const locked = await lockSettlements(tx, [seen.id, ...(there ? [there.id] : [])]);
  const of = (id: string | undefined) => locked.find((each) => each.id === id);
  const ours = of(seen.id);
  return ours && { ours, theirs: of(there?.id), inHouse: other !== undefined };
}

type Policies = ActivityDeps['policies'];

/** Which settlement is the other side's of ours; undefined where the other library is not of this installation. */
export function otherSide(
  policies: Policies,
  { library, peer, currency, toOn }: Pick<IllSettlement, 'library' | 'peer' | 'currency' | 'toOn'>,
) {
  const there = peersOf(policies.get(library)).find(({ code }) => code === peer)?.library;
  if (there === undefined || !policies.has(there)) return undefined;
  const back = peersOf(policies.get(there)).find((each) => each.library === library)?.code ?? '';
  return { library: there, peer: back, currency, toOn, state: { $ne: 'withdrawn' as const } };
}

/** What a settlement states, line by line; without what was left out. */
export async function statedLines(tx: Tx, settlementId: string): Promise<StatedLine[]> {
  const rows = await tx.execute<{ side: StatedLine['side']; reference: string; amount: string }[]>(
    `select side, reference, line.amount::text as amount from ill_settlement_line line
     join ill_transaction on ill_transaction.id = transaction_id where settlement_id = ? and line.state <> 'left-out'`,
    [settlementId],
  );
  return rows.map(({ amount, ...line }) => ({ ...line, amount: BigInt(amount) }));
}

/** What the other side states: its own settlement, or what was handed in of it; undefined: nothing is known. */
export async function theirLines(tx: Tx, { ours, theirs, inHouse }: Pair): Promise<StatedLine[] | undefined> {
  if (inHouse) return theirs && (await statedLines(tx, theirs.id));
  const rows = await tx.find(IllSettlementTheirs, { settlementId: ours.id });
  return rows.length === 0
    ? undefined
    : rows.map(({ side, reference, amount }) => ({ side, reference, amount }));
}

export interface Doing {
  readonly at: Date;
  readonly actor: Actor;
}

/** Something about the lines has changed: the sum is what they come to, and nobody has confirmed it any more. Both sides are locked. */
export async function relined(tx: Tx, { ours, theirs }: Pair, { at }: Doing): Promise<void> {
  await tx.flush();
  const lines = await tx.find(IllSettlementLine, { settlementId: ours.id });
  ours.total = lines.reduce((sum, { amount, state }) => (state === 'left-out' ? sum : sum + amount), 0n);
  ours.state = lines.some(({ state }) => state === 'disputed') ? 'disputed' : ours.sentAt ? 'sent' : 'drawn';
  for (const side of [ours, theirs]) if (side && side.state !== 'settled') await unconfirm(tx, side, at);
  await tx.flush();
}

/** What either side has confirmed was another statement than stands there now; who has confirmed it here has to look at it again. */
export async function unconfirm(tx: Tx, settlement: IllSettlement, at: Date): Promise<void> {
  if (settlement.ourConfirmedAt != null) await askToSettle(tx, settlement, at);
  const nobody = {
    ourConfirmedAt: null,
    ourConfirmedBy: null,
    theirConfirmedAt: null,
    theirConfirmedBy: null,
  };
  Object.assign(settlement, nobody);
  if (settlement.state === 'confirmed') settlement.state = settlement.sentAt ? 'sent' : 'drawn';
}

/** Whether its lines may still change: neither confirmed by both, nor over. */
export const isOpen = ({ state }: IllSettlement): boolean => ['drawn', 'sent', 'disputed'].includes(state);

export function tellStory(
  tx: Tx,
  settlement: IllSettlement,
  kind: string,
  { at, actor }: Doing,
  detail: Record<string, unknown> = {},
): void {
  const { peer, currency, total } = settlement;
  const about = { peer, currency, amountMinor: Number(total), ...detail };
  record(tx, settlementSubject(settlement), { kind, at, actor, detail: about });
}

/** Puts a settlement on the work list: to be sent, compared and confirmed. */
export async function askToSettle(tx: Tx, settlement: IllSettlement, at: Date): Promise<void> {
  await openTask(tx, settlementSubject(settlement), {
    kind: 'ill-settlement',
    branch: null,
    workflowId: `settlement:${settlement.id}`,
    at,
    dueAt: at,
  });
}

/** Nobody has to look at it any more. */
export async function seenTo(
  tx: Tx,
  { id }: IllSettlement,
  { at, actor }: Doing,
  outcome = 'settled',
): Promise<void> {
  await resolveTask(tx, 'ill-settlement', id, { at, by: actor, outcome });
}

export type SettlementPolicy = Exclude<LibraryPolicy['ill'], 'none'>['settlement'];

export function settlementPolicyOf({ ill }: Pick<LibraryPolicy, 'ill'>): SettlementPolicy | undefined {
  return ill === 'none' ? undefined : ill.settlement;
}
