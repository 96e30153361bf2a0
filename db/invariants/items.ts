import { type Invariant, openHold } from './invariant.ts';

/** Where copies are (L1, H6). */
export const itemInvariants: readonly Invariant[] = [
  {
    name: 'item-in-one-place',
    meaning: 'An item is out on at most one loan, or kept for at most one hold, and never both.',
    sql: `
      select 'item:' || item_id as id from (
        select item_id from loan where ended_at is null
        union all
        select item_id from hold where state in ('in-transit', 'secured')
      ) claim group by item_id having count(*) > 1`,
  },
  {
    name: 'item-agrees-with-loan',
    meaning: 'An item is marked as on loan exactly when it has an open loan.',
    sql: `
      select 'item:' || id as id from item
      where (state = 'on-loan') <> exists (select from loan where item_id = item.id and ended_at is null)`,
  },
  {
    name: 'item-agrees-with-hold',
    meaning:
      'An item on the hold shelf or on its way to a reader names the hold it is for, and that hold names the item.',
    sql: `
      select 'item:' || item.id as id from item left join hold on hold.id = item.hold_id
      where item.hold_id is not null and (hold.item_id = item.id
        and hold.state = case item.state when 'hold-shelf' then 'secured' when 'in-transit' then 'in-transit' end) is not true
      union
      select 'hold:' || hold.id from hold left join item on item.id = hold.item_id
      where hold.state in ('in-transit', 'secured') and (item.hold_id = hold.id) is not true`,
  },
  {
    name: 'one-library',
    meaning:
      'A hold or loan, its reader, its title and its item are of the same library, and the item is a copy of the title.',
    sql: `
      select 'hold:' || hold.id as id from hold join patron on patron.id = patron_id join title on title.id = title_id
        left join item on item.id = hold.item_id
      where hold.library <> patron.library or hold.library <> title.library or item.title_id <> hold.title_id
      union all
      select 'loan:' || loan.id from loan join patron on patron.id = patron_id join item on item.id = item_id
      where loan.library <> patron.library or loan.library <> item.library or item.title_id <> loan.title_id`,
  },
  {
    name: 'closed-card-is-empty',
    meaning: 'A closed card has no open holds or loans.',
    sql: `
      select 'patron:' || id as id from patron
      where closed_at is not null and (
        exists (select from hold where patron_id = patron.id and state in ${openHold})
        or exists (select from loan where patron_id = patron.id and ended_at is null))`,
  },
];
