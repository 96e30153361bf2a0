import type { EntityManager } from '@mikro-orm/postgresql';
import type { ItemFacts } from '../../domain/holdable.ts';
import type { ItemState } from '../../domain/kinds.ts';
import { availabilityOf, latestIssue } from './availability.ts';
import { inCatalogue, titleColumns, type TitleEntry, type TitleRecord } from './catalogue.ts';

/** A copy as a title's page shows it. */
export interface ItemEntry {
  readonly id: string;
  readonly barcode: string;
  /** Its home; where it is now is `atBranch`. */
  readonly branch: string;
  readonly atBranch: string;
  readonly shelfMark: string | null;
  readonly issue: string | null;
  /** `YYYY-MM-DD`. */
  readonly issuedOn: string | null;
  readonly forLoan: boolean;
  readonly state: ItemState;
  readonly isLatestIssue: boolean;
  /** Of a copy on loan. */
  readonly dueAt: Date | null;
}

export interface TitleDetail extends TitleEntry {
  /** Every copy but those withdrawn, newest issue first. */
  readonly items: readonly ItemEntry[];
}

const itemsQuery = `
  select item.id, barcode, item.branch, at_branch as "atBranch", shelf_mark as "shelfMark", issue, to_char(issued_on, 'YYYY-MM-DD') as "issuedOn",
    for_loan as "forLoan", state, coalesce(${latestIssue}, false) as "isLatestIssue", loan.due_at as "dueAt"
  from item left join loan on loan.item_id = item.id and loan.ended_at is null
  where item.title_id = ?
  order by issued_on desc nulls last, item.branch, barcode`;

async function itemsOf(em: EntityManager, titleId: string): Promise<ItemEntry[]> {
  const rows = await em.execute<(Omit<ItemEntry, 'dueAt'> & { dueAt: Date | string | null })[]>(itemsQuery, [
    titleId,
  ]);
  return rows.map((row) => ({ ...row, dueAt: row.dueAt === null ? null : new Date(row.dueAt) }));
}

function toFacts({ id, state, forLoan, isLatestIssue, issue, issuedOn }: ItemEntry): ItemFacts {
  return { id, state, forLoan, isLatestIssue, issue: issuedOn && `${issuedOn} ${issue ?? ''}` };
}

/** One title of a library with all its copies; its facts hold every issue of a magazine. Undefined where the library has no such title. */
export async function titleById(
  em: EntityManager,
  { library, id }: { readonly library: string; readonly id: string },
): Promise<TitleDetail | undefined> {
  const [title] = await em.execute<TitleRecord[]>(
    `select ${titleColumns} from title where library = ? and id = ?::uuid and ${inCatalogue}`,
    [library, id],
  );
  const availability = title && (await availabilityOf(em, [id])).get(id);
  if (!title || !availability) return undefined;
  const items = await itemsOf(em, id);
  return {
    ...title,
    ...availability,
    facts: { kind: title.kind, items: items.map(toFacts) },
    items: items.filter((item) => item.state !== 'withdrawn'),
  };
}
