import { grace, type Invariant, now, policies } from './invariant.ts';

/** A notice that staff sent again on request has its own cause (N3). */
const first = `notice.cause not like '%:again:%'`;

/** The mails and messages to readers (N1, N2, L5). */
export const noticeInvariants: readonly Invariant[] = [
  {
    name: 'one-notice-a-cause',
    meaning: 'Each cause has at most one notice.',
    sql: `
      select kind || ' ' || subject_type || ':' || subject_id as id from notice
      group by kind, subject_type, subject_id, cause having count(*) > 1`,
  },
  {
    name: 'every-cause-told',
    meaning:
      'Whoever placed a hold, or whose hold was secured, lapsed or cancelled, has the notice of it, unless the library writes none.',
    sql: `
      with told as (
        select library, kind, min(created_at) as since from notice group by library, kind
      )
      select 'hold:' || event.subject_id || ' ' || told.kind as id
      from event join ${policies} on policy.library = event.library
        join told on told.library = event.library and 'hold-' || told.kind = event.kind and event.at >= told.since
      where event.kind in ('hold-placed', 'hold-secured', 'hold-lapsed', 'hold-cancelled') and notices ->> told.kind <> 'off'
        and not exists (select from notice where subject_id = event.subject_id and notice.kind = told.kind
          and notice.created_at = event.at and ${first})`,
  },
  {
    name: 'notice-settled',
    meaning:
      'A notice that is done has its time; one that was sent has its address, its text and a successful attempt.',
    sql: `
      select 'notice:' || id as id from notice
      where (state = 'queued') <> (settled_at is null) or (state = 'shown' and channel <> 'message')
        or (state = 'sent' and (channel <> 'mail' or recipient is null or body_text is null or attempts <= failures))`,
  },
  {
    name: 'no-stale-notice',
    meaning: 'No notice is about to go out that events have overtaken.',
    sql: `
      select 'notice:' || notice.id as id from notice
      where state = 'queued' and ${first} and (
        (kind in ('placed', 'secured', 'passed-over') and exists (select from hold where hold.id = subject_id and ended_at is not null))
        or (kind in ('due-soon', 'overdue') and exists (select from loan where loan.id = subject_id and ended_at is not null)))`,
  },
  {
    name: 'notice-not-forgotten',
    meaning: 'No notice has waited for longer than the grace without a single attempt to deliver it.',
    sql: `
      select 'notice:' || id as id from notice
      where state = 'queued' and attempts = 0 and created_at < ${now} - ${grace}`,
  },
  {
    name: 'overdue-noticed',
    meaning: 'Every loan that has been overdue for an overdue step has the notice of it.',
    sql: `
      with step as (
        select loan.id, loan.due_at, row_number() over (partition by loan.id order by reached.at) as step, reached.at
        from loan join ${policies} on policy.library = loan.library
          cross join lateral jsonb_to_recordset(overdue_steps) as given (after text, days boolean)
          cross join lateral (select case when given.days
            then (((loan.due_at at time zone zone)::date + given.after::interval)::date + notice_time) at time zone zone
            else loan.due_at + given.after::interval end as at) reached
        where loan.ended_at is null and loan.due_at < ${now} and notices ->> 'overdue' <> 'off'
      ), latest as (
        select distinct on (id) * from step where at < ${now} - ${grace} - interval '30 minutes' order by id, step desc
      )
      select 'loan:' || id as id from latest
      where not exists (select from notice where kind = 'overdue' and subject_id = latest.id
        and cause like 'overdue:' || to_char(due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ':%'
        and split_part(cause, ':', -1)::int >= latest.step and ${first})`,
  },
  {
    name: 'notice-perhaps-twice',
    meaning:
      "Notices that may have gone out twice: a worker died between the mail server's acceptance and its record.",
    severity: 'report',
    sql: `select 'notice:' || id as id from notice where channel = 'mail' and attempts > failures + 1`,
  },
];
