import { type Invariant, openHold, policies } from './invariant.ts';

/**
 * Each hold's turns, from its events in the order in which they happened under the title's lock: while `waiting`, from `seq` until `until`, it could have been
 * served.
 */
const turn = `
  turn as (
    select subject_id as hold_id, kind, seq, at, detail ->> 'itemId' as item_id,
      kind in ('hold-placed', 'hold-back-to-queue') as waiting,
      lag(kind in ('hold-placed', 'hold-back-to-queue')) over story as waited,
      lead(seq) over story as until
    from event
    where subject_type = 'hold' and kind in ('hold-placed', 'hold-back-to-queue', 'hold-in-transit', 'hold-secured',
      'hold-collected', 'hold-lapsed', 'hold-cancelled')
    window story as (partition by subject_id order by seq)
  )`;

const waitingAt = (seq: string, hold: string): string => `
  exists (select from turn where turn.hold_id = ${hold} and turn.waiting and turn.seq < ${seq} and (turn.until is null or turn.until > ${seq}))`;

/** Who waits for what, and whose turn it is (H2, H5, L2, L4). */
export const queueInvariants: readonly Invariant[] = [
  {
    name: 'first-come-first-served',
    meaning:
      'Nobody was given an item while a hold placed before theirs waited for it, unless that reader was passed over on record.',
    sql: `
      with ${turn}
      select 'hold:' || hold.id || ' before hold:' || older.id as id
      from turn served join hold on hold.id = served.hold_id
        join hold older on older.title_id = hold.title_id and older.queue_no < hold.queue_no
          and (older.requested_item_id is null or older.requested_item_id = served.item_id::uuid)
      where served.waited and served.item_id is not null and ${waitingAt('served.seq', 'older.id')}
        and not exists (select from event passed where passed.subject_id = older.id and passed.kind = 'hold-passed-over'
          and passed.at = served.at and passed.detail ->> 'itemId' = served.item_id)`,
  },
  {
    name: 'no-renewal-over-a-hold',
    meaning: 'No loan was renewed while another reader waited for its item.',
    sql: `
      with ${turn}
      select distinct 'loan:' || loan.id as id
      from event renewed join loan on loan.id = renewed.subject_id
        join hold on hold.title_id = loan.title_id and hold.patron_id <> loan.patron_id
          and (hold.requested_item_id is null or hold.requested_item_id = loan.item_id)
      where renewed.subject_type = 'loan' and renewed.kind = 'renewed' and ${waitingAt('renewed.seq', 'hold.id')}`,
  },
  {
    name: 'one-hold-a-title',
    meaning: 'A reader has at most one open hold of a title, or of one issue of a magazine.',
    sql: `
      select 'patron:' || a.patron_id || ' title:' || a.title_id as id
      from hold a join hold b on b.patron_id = a.patron_id and b.title_id = a.title_id and b.id > a.id
      where a.state in ${openHold} and b.state in ${openHold}
        and (a.requested_item_id is null or b.requested_item_id is null or a.requested_item_id = b.requested_item_id)`,
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
      group by patron_id having sum(n) > max(hold_limit) or bool_or(n > (hold_kinds ->> kind)::int)`,
  },
];
