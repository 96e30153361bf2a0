import { type Invariant, openHold, policies } from './invariant.ts';

/**
 * Each hold's turns, from its events in the order in which they happened under the title's lock: while `waiting`, from `seq` until `until`, it could have been
 * served.
 */
const turn = `
  turn as (
    select hold.id, title_id, patron_id, queue_no, requested_item_id, at, told.item_id, waiting,
      seq as since, lead(seq, 1, 9223372036854775807) over story as until, lag(waiting) over story as waited
    from hold join (
      select subject_id, at, seq, (detail ->> 'itemId')::uuid as item_id, kind in ('hold-placed', 'hold-back-to-queue') as waiting
      from event
      where kind in ('hold-placed', 'hold-back-to-queue', 'hold-in-transit', 'hold-secured', 'hold-collected', 'hold-lapsed', 'hold-cancelled')
    ) told on told.subject_id = hold.id
    window story as (partition by hold.id order by seq)
  )`;

/** Who waits for what, and whose turn it is (H2, H5, L2, L4). */
export const queueInvariants: readonly Invariant[] = [
  {
    name: 'first-come-first-served',
    meaning:
      'Nobody was given an item while a hold placed before theirs waited for it, unless that reader was passed over on record.',
    sql: `
      with ${turn}
      select 'hold:' || served.id || ' before hold:' || older.id as id
      from turn served join turn older on older.title_id = served.title_id and older.queue_no < served.queue_no
        and (older.requested_item_id is null or same_issue(older.requested_item_id, served.item_id))
        and older.waiting and served.since between older.since and older.until
      where served.waited and served.item_id is not null
        and not exists (select from event passed where passed.subject_id = older.id and passed.kind = 'hold-passed-over'
          and passed.at = served.at and (passed.detail ->> 'itemId')::uuid = served.item_id)`,
  },
  {
    name: 'no-renewal-over-a-hold',
    meaning: 'No loan was renewed while another reader waited for its item.',
    sql: `
      with ${turn}
      select distinct 'loan:' || loan.id as id
      from event renewed join loan on loan.id = renewed.subject_id
        join turn on turn.title_id = loan.title_id and turn.patron_id <> loan.patron_id and turn.waiting
          and (turn.requested_item_id is null or same_issue(turn.requested_item_id, loan.item_id))
          and renewed.seq between turn.since and turn.until
      where renewed.kind = 'renewed'`,
  },
  {
    name: 'one-hold-a-title',
    meaning: 'A reader has at most one open hold of a title, or of one issue of a magazine.',
    sql: `
      select 'patron:' || a.patron_id || ' title:' || a.title_id as id
      from hold a join hold b on b.patron_id = a.patron_id and b.title_id = a.title_id and b.id > a.id
      where a.state in ${openHold} and b.state in ${openHold}
        and (a.requested_item_id is null or b.requested_item_id is null or same_issue(a.requested_item_id, b.requested_item_id))`,
  },
  {
    name: 'hold-limit',
    meaning: 'No reader has more open holds, in all or of a kind, than the policy allows.',
    sql: `
      with counted as (
        select patron_id, hold.library, coalesce(count_as ->> kind, kind) as kind, count(*) as n
        from hold join ${policies} on policy.library = hold.library
        where state in ${openHold} group by 1, 2, 3
      )
      select 'patron:' || patron_id as id from counted join ${policies} on policy.library = counted.library
      group by patron_id having sum(n) filter (where kind <> 'ill') > max(hold_limit) or bool_or(n > (hold_kinds ->> kind)::int)`,
  },
];
