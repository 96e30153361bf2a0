import { Migration } from '@mikro-orm/migrations';

/**
 * Finding requests by words (I11). Working out a text's pairs of characters takes as long as reading hundreds of rows, which the planner is told, so that it asks the index and
 * does not work them out again row by row; with a limit it would do so all the same, wherever it expects many to fit.
 */
export class Migration20270101000000RequestWords extends Migration {
  override up(): void {
    this.addSql(`
alter function search_grams(text) cost 5000;

create function ill_forms_with(of_library text, terms text[], most int) returns setof uuid
language sql stable set enable_seqscan = off as $$
  select id from ill_form where library = of_library and search_grams(search_text) @> search_grams(array_to_string(terms, ' '))
    and not exists (select from unnest(terms) term where strpos(search_text, term) = 0) limit most
$$;
    `);
  }
}
