import type { EntityManager } from '@mikro-orm/postgresql';
import type { TitleFacts } from '../../domain/holdable.ts';

/** What tells the issues of a magazine apart, of the row of that name; null for what is of none. */
export const issueKey = (item: string): string => `${item}.issued_on || ' ' || coalesce(${item}.issue, '')`;

/**
 * `TitleFacts` of the row `title`, with every copy, as JSON. The latest issue of a magazine is the newest by date of those not withdrawn; it may have
 * several copies.
 */
export const titleFactsColumn = `jsonb_build_object('kind', title.kind, 'items', (
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state, 'forLoan', for_loan, 'isLatestIssue', is_latest, 'issue', issue_key) order by id), '[]')
  from (
    select id, state, for_loan, ${issueKey('item')} as issue_key, title.kind = 'magazine' and state <> 'withdrawn' and issued_on is not null
        and issued_on = max(issued_on) filter (where state <> 'withdrawn') over () as is_latest
    from item where item.title_id = title.id) copy))`;

/** What the rules need to know of a title; decisive only under its lock. Throws when there is no such title. */
export async function titleFacts(em: EntityManager, titleId: string): Promise<TitleFacts> {
  const [row] = await em.execute<{ facts: TitleFacts }[]>(
    `select ${titleFactsColumn} as facts from title where id = ?`,
    [titleId],
  );
  if (!row) throw new Error(`There is no title ${titleId}.`);
  return row.facts;
}
