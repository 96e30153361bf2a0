import { outStatuses } from '../../domain/supply.ts';
import { grace, type Invariant, now } from './invariant.ts';

const out = outStatuses.map((status) => `'${status}'`).join(', ');

/** Other libraries' requests (I5, I8, I12, I13). */
export const supplyInvariants: readonly Invariant[] = [
  {
    name: 'item-agrees-with-supply',
    meaning: 'A copy is marked as lent to another library exactly when it is out for an outside request.',
    sql: `
      select 'item:' || id as id from item
      where (state = 'lent-out') <> exists (select from supply_request where item_id = item.id and status in (${out}))`,
  },
  {
    name: 'supply-told',
    meaning: 'The requester was told last where its request stands.',
    sql: `
      select 'supply:' || supply.id as id from supply_request supply
      join lateral (select body -> 'statusInfo' ->> 'status' as status from ill_message
        where about_id = supply.id and direction = 'out' and body <> '{}' order by seq desc limit 1) said on true
      where said.status <> supply.status`,
  },
  {
    name: 'supply-forwarded',
    meaning: 'What a centre passes on has a request of its own, and nothing else has one.',
    sql: `
      select 'supply:' || id as id from supply_request supply
      where forwards <> exists (select from ill_request where on_behalf_of = supply.id)`,
  },
  {
    name: 'supply-late-shown',
    meaning: 'An answer to another library that is late was shown to staff.',
    sql: `
      select 'supply:' || id as id from supply_request
      where waits_for = 'answer' and late_at is null and answer_by + ${grace} < ${now}`,
  },
];
