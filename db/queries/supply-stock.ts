import type { EntityManager } from '@mikro-orm/postgresql';
import type { IllForm } from '../../domain/ill.ts';
import type { StockTitle } from '../../domain/supply-advice.ts';
import { isbnForms, issn, normalise, queryTerms } from '../../domain/text.ts';

const most = 5;

const stock = (where: string): string => `
  select title.id as "titleId", title.title, title.kind,
    (select count(*)::int from hold where title_id = title.id and state = 'waiting') as waiting,
    (select coalesce(jsonb_agg(jsonb_build_object('id', item.id, 'barcode', barcode, 'branch', item.branch, 'shelfMark', shelf_mark,
        'state', state, 'forLoan', for_loan, 'dueAt', floor(extract(epoch from due_at) * 1000)) order by barcode), '[]')
      from item left join loan on loan.item_id = item.id and loan.ended_at is null where item.title_id = title.id) as copies
  from title where title.library = ? and title.kind in ('book', 'magazine', 'audiovisual') and ${where}
  order by title.id limit ${most}`;

function numbersOf({ isbn, issn: serial }: IllForm): string[] {
  const number = serial === undefined ? undefined : issn(serial);
  return [...(isbn === undefined ? [] : isbnForms(isbn)), ...(number === undefined ? [] : [number])];
}

/** Whether a title is by somebody of that name, as far as both say who. */
const byAuthor = (authors: readonly string[]): string =>
  authors.length === 0
    ? 'true'
    : `(author is null or ${authors.map(() => 'strpos(search_text, ?) > 0').join(' or ')})`;

/**
 * Titles of our own that may be what is asked for, with their copies (I8): by the record's number, else by ISBN or ISSN in any form, else by exactly this title by anybody of that name. Readers'
 * holds of it count.
 */
export async function stockFor(em: EntityManager, library: string, form: IllForm): Promise<StockTitle[]> {
  if (form.recordId !== undefined) {
    const found = await em.execute<StockTitle[]>(stock('control_number = ?'), [library, form.recordId]);
    if (found.length > 0) return found;
  }
  const numbers = numbersOf(form);
  if (numbers.length > 0)
    return em.execute<StockTitle[]>(stock('(isbns || issns) && ?::text[]'), [
      library,
      `{${numbers.join(',')}}`,
    ]);
  const key = normalise(form.title);
  if (key === '') return [];
  const authors = queryTerms(form.author ?? '');
  return em.execute<StockTitle[]>(stock(`sort_key = ? and ${byAuthor(authors)}`), [library, key, ...authors]);
}
