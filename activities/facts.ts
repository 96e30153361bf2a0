import { Temporal } from 'temporal-polyfill';
import { Item, type Patron, type Title } from '../db/entities/index.ts';
import type { Tx } from '../db/transaction.ts';
import type { Closure } from '../domain/calendar.ts';
import type { TitleFacts } from '../domain/holdable.ts';
import type { KindCounts } from '../domain/kinds.ts';
import type { PatronFacts } from '../domain/patrons.ts';

/** Epoch milliseconds or a row's date as the instant the rules reckon with. */
export function instant(at: number | Date): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number(at));
}

export function toDate(at: Temporal.Instant): Date {
  return new Date(at.epochMilliseconds);
}

/** Days staff closed, or opened at other hours, from a day before `from` on. */
export async function closuresFrom(tx: Tx, library: string, from: Date): Promise<Closure[]> {
  return tx.execute(
    `select place, to_char(day, 'YYYY-MM-DD') as day, to_char(opens, 'HH24:MI') as opens, to_char(closes, 'HH24:MI') as closes
     from closure where library = ? and day >= (?::timestamptz)::date - 1`,
    [library, from],
  );
}

/** What the rules need to know of a reader, of their holds and loans in all, and of this title's. */
export interface PatronSituation {
  readonly patron: PatronFacts;
  readonly openHolds: KindCounts;
  readonly openLoans: KindCounts;
  readonly holdsOfTitle: readonly (string | null)[];
  readonly loansOfTitle: readonly string[];
}

const situation = `
  select
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

/** Read under the reader's lock, so that two requests at the same instant see each other (H2). */
export async function patronSituation(tx: Tx, patron: Patron, titleId: string): Promise<PatronSituation> {
  const ids = [patron.id, patron.id, patron.id, patron.id, titleId, patron.id, titleId];
  const [row] = await tx.execute<(Omit<PatronSituation, 'patron'> & { blocked: boolean })[]>(situation, ids);
  if (!row) throw new Error('A query without FROM gave no row.');
  return { ...row, patron: patronFacts(patron, row.blocked) };
}

export function patronFacts(patron: Patron, blocked: boolean): PatronFacts {
  return {
    blocked,
    closed: patron.closedAt !== null,
    expiresOn: patron.expiresOn ?? null,
    paidUntil: patron.paidUntil ?? null,
    mailUsable: patron.emailState === 'confirmed',
    phoneUsable: Boolean(patron.phone),
  };
}

/** Read under the title's lock. The latest issue of a magazine is the newest by date of those not withdrawn. */
export async function titleFacts(tx: Tx, title: Title): Promise<TitleFacts> {
  const items = await tx.find(Item, { titleId: title.id });
  const latest = latestIssue(title, items);
  return {
    kind: title.kind,
    items: items.map(({ id, state, forLoan }) => ({ id, state, forLoan, isLatestIssue: id === latest })),
  };
}

function latestIssue(title: Title, items: readonly Item[]): string | undefined {
  if (title.kind !== 'magazine') return undefined;
  const issues = items.filter((item) => item.state !== 'withdrawn' && item.issuedOn);
  return issues.toSorted((a, b) => String(b.issuedOn).localeCompare(String(a.issuedOn)))[0]?.id;
}
