import type { Invariant } from './invariant.ts';

/** What is known of others' holdings (I5, I10). */
export const illHoldingInvariants: readonly Invariant[] = [
  {
    name: 'ill-holding-findable',
    meaning: 'What another library has can be found: by a number or a title.',
    sql: `select 'holding:' || id as id from ill_holding where cardinality(keys) = 0`,
  },
  {
    name: 'ill-lookup-of-form',
    meaning: 'A catalogue was asked for a version of the form of the request it is noted with.',
    sql: `
      select 'lookup:' || lookup.form_id || '/' || catalogue as id from ill_lookup lookup
      where not exists (select from ill_form form where form.id = lookup.form_id and form.request_id = lookup.request_id)`,
  },
];
