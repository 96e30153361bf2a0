import type { Invariant } from './invariant.ts';

const moving = `('hold-placed', 'hold-changed', 'hold-back-to-queue', 'hold-passed-over', 'hold-in-transit', 'hold-secured', 'contacted-by-mail',
  'call-reached', 'call-not-reached', 'hold-collected', 'hold-lapsed', 'hold-cancelled', 'checked-out', 'renewed', 'due-soon-reached',
  'overdue-reached', 'overdue-charged', 'returned', 'lost')`;

const ending = `('hold-collected', 'hold-lapsed', 'hold-cancelled', 'returned', 'lost')`;

/** What the rows say and what the events tell of them are the same story (G1). */
export const storyInvariants: readonly Invariant[] = [
  {
    name: 'begun-once',
    meaning: 'Every hold was placed once and every loan checked out once.',
    sql: `
      select 'hold:' || id as id from hold
      where 1 <> (select count(*) from event where subject_id = hold.id and kind = 'hold-placed')
      union all
      select 'loan:' || id from loan
      where 1 <> (select count(*) from event where subject_id = loan.id and kind = 'checked-out')`,
  },
  {
    name: 'ended-once',
    meaning: 'What has ended has the time of its end and one event that says how; what is open has neither.',
    sql: `
      with process as (
        select id, 'hold' as type, ended_at, case when state in ('collected', 'lapsed', 'cancelled') then 'hold-' || state end as how from hold
        union all
        select id, 'loan', ended_at, end_reason from loan
      )
      select type || ':' || id as id from process left join lateral
        (select array_agg(kind) as kinds from event where subject_id = process.id and kind in ${ending}) story on true
      where (ended_at is null) <> (how is null) or coalesce(kinds, '{}') <> array_remove(array[how], null)`,
  },
  {
    name: 'ended-stays-ended',
    meaning: 'Nothing happens to a hold or loan after its end.',
    sql: `
      select distinct ended.subject_type || ':' || ended.subject_id as id
      from event ended join event later on later.subject_id = ended.subject_id and later.seq > ended.seq
      where ended.subject_type in ('hold', 'loan') and ended.kind in ${ending} and later.kind in ${moving}
        and not (later.kind in ${ending})`,
  },
  {
    name: 'collected-became-a-loan',
    meaning: 'Every collected hold became one loan of its reader and item, and no other hold became one.',
    sql: `
      select 'hold:' || hold.id as id from hold left join loan on loan.hold_id = hold.id
      group by hold.id
      having (hold.state = 'collected') <> (count(loan.id) = 1) or count(loan.id) > 1
        or bool_or(loan.patron_id <> hold.patron_id or loan.item_id <> hold.item_id)`,
  },
  {
    name: 'answers-came-true',
    meaning: 'What a reader or the desk was told of a renewal or a cancellation is what happened.',
    sql: `
      with answer as (
        select split_part(split_part(key, '/', 1), ':', 1) as type, split_part(split_part(key, '/', 1), ':', 2) as id, result, at
        from operation where key ~ '^(hold|loan):[0-9a-f-]{36}/'
      )
      select type || ':' || id as id from answer where type = 'loan' and result -> 'dueAt' is not null and 1 <> (
        select count(*) from event where subject_id = answer.id::uuid and kind = 'renewed' and event.at = answer.at
          and (extract(epoch from (detail ->> 'after')::timestamptz) * 1000)::bigint = (result ->> 'dueAt')::bigint)
      union all
      select type || ':' || id from answer where type = 'hold' and result -> 'standing' ->> 'state' = 'cancelled' and not exists (
        select from hold where hold.id = answer.id::uuid and state = 'cancelled' and ended_at <= answer.at)`,
  },
  {
    name: 'books-append-only',
    meaning: 'The database itself refuses to change or delete events and bookings.',
    sql: `
      select wanted as id from unnest(array['event_append_only', 'journal_append_only', 'posting_append_only']) as wanted
      where not exists (select from pg_trigger where tgname = wanted and tgenabled in ('O', 'A'))`,
  },
];
