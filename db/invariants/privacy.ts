import type { Invariant } from './invariant.ts';

/** A text in JSON that names a reader. Short Latin names are also words, so they count only when they are the whole text. */
const names = `
  (value in (patron.name, patron.email, patron.phone, patron.card)
    or position(patron.email in value) > 0
    or ((char_length(patron.name) >= 4 or patron.name ~ '[^[:ascii:]]') and position(patron.name in value) > 0))`;

const texts = (json: string): string =>
  `(select path #>> '{}' as value from jsonb_path_query(${json}, 'strict $.** ? (@.type() == "string")') as path) text`;

/** Names and addresses stay where they belong, in the reader's row and the notices (rule 5 of the architecture). */
export const privacyInvariants: readonly Invariant[] = [
  {
    name: 'no-personal-data-in-events',
    meaning: 'No event holds a mail address, or the name, phone or card of its reader.',
    sql: `
      select distinct 'event:' || event.id as id from event cross join lateral ${texts('detail')}
        left join patron on patron.id = event.patron_id
      where value ~ '[^[:space:]]@[^[:space:]]' or ${names}`,
  },
  {
    name: 'no-personal-data-in-answers',
    meaning:
      'No kept answer holds a mail address, or the name, phone or card of the reader whose hold or loan it is about.',
    sql: `
      select distinct key as id from operation cross join lateral ${texts('result')}
        left join hold on key ~ '^hold:[0-9a-f-]{36}/' and hold.id::text = substr(key, 6, 36)
        left join loan on key ~ '^loan:[0-9a-f-]{36}/' and loan.id::text = substr(key, 6, 36)
        left join patron on patron.id = coalesce(hold.patron_id, loan.patron_id)
      where value ~ '[^[:space:]]@[^[:space:]]' or ${names}`,
  },
];
