import { Charge, FamilyConsent, type Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { type FamilyCard, paidUntilInFamily } from '../../domain/families.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { type Pair, tellBoth } from './family-notices.ts';
import { reverseCharge } from '../charges/money.ts';
import { record, type Subject } from '../record.ts';

/** Who changes a family, when, and under which operation. */
export interface FamilyChange {
  readonly operation: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly remarkId?: string | undefined;
}

export function cardSubject(patron: Patron): Subject & { patronId: string } {
  return { type: 'patron', id: patron.id, library: patron.library, patronId: patron.id };
}

/** How many sub cards a card has; decisive only under its lock. */
export async function subsOf(tx: Tx, mainId: string): Promise<number> {
  const [row] = await tx.execute<{ n: number }[]>('select count(*)::int as n from patron where main_id = ?', [
    mainId,
  ]);
  return row?.n ?? 0;
}

/** A locked card as the rules of families see it. */
export async function familyCard(tx: Tx, patron: Patron): Promise<FamilyCard> {
  return {
    id: patron.id,
    library: patron.library,
    mainId: patron.mainId ?? null,
    closed: patron.closedAt !== null,
    subs: await subsOf(tx, patron.id),
  };
}

const remarkOf = ({ remarkId }: FamilyChange) => (remarkId ? { remarkId } : {});

/** Takes back the usage fee still open on a card that becomes a sub card (F2, F5); what was paid of it becomes the reader's credit. Answers the charges. */
async function dropOpenFee(tx: Tx, sub: Patron, { operation, at, actor }: FamilyChange): Promise<string[]> {
  const open = await tx.find(Charge, { patronId: sub.id, cause: 'membership', remaining: { $gt: 0n } });
  for (const charge of open)
    await reverseCharge(tx, charge, { operation: `${operation}:${charge.id}`, at, actor, reason: 'linked' });
  return open.map(({ id }) => id);
}

/**
 * Makes a card the sub card of another (F1, F5); both rows are locked and nothing stands against it. Its "paid until" becomes the main card's, unless it has paid
 * further ahead. Answers the notices to deliver.
 */
export async function join(
  tx: Tx,
  policy: LibraryPolicy,
  pair: Pair,
  change: FamilyChange,
): Promise<string[]> {
  const { main, sub } = pair;
  const { actor, at, operation } = change;
  const before = sub.paidUntil ?? null;
  const after = paidUntilInFamily(main.paidUntil ?? null, before);
  const dropped = await dropOpenFee(tx, sub, change);
  sub.mainId = main.id;
  sub.linkedAt = at;
  sub.paidUntil = after;
  record(tx, cardSubject(sub), {
    kind: 'family-linked',
    actor,
    at,
    detail: {
      mainId: main.id,
      before: { paidUntil: before },
      after: { paidUntil: after },
      ...(dropped.length > 0 && { dropped }),
      ...remarkOf(change),
    },
  });
  record(tx, cardSubject(main), { kind: 'sub-card-joined', actor, at, detail: { subId: sub.id } });
  return tellBoth(tx, policy, pair, { kind: 'family-linked', cause: operation, at });
}

/**
 * Makes a sub card a single card again (F8); both rows are locked. Its "paid until" stays, and what the main card's holder was allowed ends at once. Answers
 * the notices to deliver.
 */
export async function part(
  tx: Tx,
  policy: LibraryPolicy,
  pair: Pair,
  change: FamilyChange,
): Promise<string[]> {
  const { main, sub } = pair;
  const { actor, at, operation } = change;
  await tx.nativeUpdate(
    FamilyConsent,
    { subId: sub.id, endedAt: null },
    { endedAt: at, endedBy: actor, endReason: 'unlinked' },
  );
  const linkedAt = sub.linkedAt?.toISOString() ?? null;
  sub.mainId = null;
  sub.linkedAt = null;
  record(tx, cardSubject(sub), {
    kind: 'family-unlinked',
    actor,
    at,
    detail: { mainId: main.id, linkedAt, paidUntil: sub.paidUntil ?? null, ...remarkOf(change) },
  });
  record(tx, cardSubject(main), { kind: 'sub-card-left', actor, at, detail: { subId: sub.id } });
  return tellBoth(tx, policy, pair, { kind: 'family-unlinked', cause: operation, at });
}
