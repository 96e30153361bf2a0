import { Temporal } from 'temporal-polyfill';
import type { Patron } from '../db/entities/index.ts';
import { owedBy, patronFacts } from '../db/queries/patron-facts.ts';
import type { Tx } from '../db/transaction.ts';
import { asksForDebts } from '../domain/charges.ts';
import type { KindCounts } from '../domain/kinds.ts';
import type { PatronFacts } from '../domain/patrons.ts';
import type { LibraryPolicy } from '../domain/policy.ts';

/** Epoch milliseconds or a row's date as the instant the rules reckon with. */
export function instant(at: number | Date): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number(at));
}

export function toDate(at: Temporal.Instant): Date {
  return new Date(at.epochMilliseconds);
}

/** What the rules need to know of a reader, of their holds and loans in all, and of this title's. */
export interface PatronSituation {
  readonly patron: PatronFacts;
  readonly openHolds: KindCounts;
  readonly openLoans: KindCounts;
  readonly holdsOfTitle: readonly (string | null)[];
  readonly loansOfTitle: readonly string[];
}

const situation = (owed: string) =>
  `
  select ${owed}
    exists (select from block where patron_id = $1 and lifted_at is null) as blocked,
    (select coalesce(jsonb_object_agg(kind, n), '{}') from
      (select kind, count(*)::int n from hold where patron_id = $1 and state in ('waiting', 'in-transit', 'secured') group by kind) h) as "openHolds",
    (select coalesce(jsonb_object_agg(kind, n), '{}') from
      (select kind, count(*)::int n from loan where patron_id = $1 and ended_at is null group by kind) l) as "openLoans",
    (select coalesce(jsonb_agg(requested_item_id), '[]') from hold
      where patron_id = $1 and title_id = $2 and state in ('waiting', 'in-transit', 'secured')) as "holdsOfTitle",
    (select coalesce(jsonb_agg(item_id), '[]') from loan
      where patron_id = $1 and title_id = $2 and ended_at is null) as "loansOfTitle"`
    .replaceAll('$1', '?')
    .replaceAll('$2', '?');

const plain = situation('');
const withDebts = situation(`${owedBy('$1')} as owed,`);

interface SituationRow extends Omit<PatronSituation, 'patron'> {
  readonly blocked: boolean;
  readonly owed?: number;
}

/** Read under the reader's lock, so that two requests at the same instant see each other (H2). */
export async function patronSituation(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  titleId: string,
): Promise<PatronSituation> {
  const asked = asksForDebts(policy);
  const ids = [patron.id, patron.id, patron.id, patron.id, titleId, patron.id, titleId];
  const [row] = await tx.execute<SituationRow[]>(
    asked ? withDebts : plain,
    asked ? [patron.id, ...ids] : ids,
  );
  if (!row) throw new Error('A query without FROM gave no row.');
  return { ...row, patron: patronFacts(patron, row.blocked, row.owed) };
}
