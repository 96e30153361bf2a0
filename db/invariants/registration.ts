import { grace, type Invariant, now } from './invariant.ts';

const ends = `('application-approved', 'application-rejected', 'application-merged', 'application-withdrawn', 'application-lapsed')`;

/** The applicant became a reader who has been erased since: forms and details are gone with the person. */
const ofErased = `exists (select from patron where patron.id = application.patron_id and patron.erased_at is not null)`;

/** Applications for an account, their reviews, and what is left of those that came to nothing (A1–A5). */
export const registrationInvariants: readonly Invariant[] = [
  {
    name: 'application-story',
    meaning: 'Every application was submitted once and ended at most once, as its row says.',
    sql: `
      select 'registration:' || id as id from application left join lateral
        (select array_agg(kind) filter (where kind in ${ends}) as ended, count(*) filter (where kind = 'application-submitted') as begun
         from event where subject_id = application.id) story on true
      where begun <> 1 or coalesce(ended, '{}') <> case when ended_at is null then '{}' else array['application-' || state] end`,
  },
  {
    name: 'review-has-task',
    meaning: 'An application that staff have is on their work list, due when its row says; no other is.',
    sql: `
      select 'registration:' || application.id as id from application left join task
        on task.subject_id = application.id and task.kind = 'review-application' and task.resolved_at is null
      where (application.state = 'reviewing') <> (task.id is not null) or task.due_at <> application.review_due_at`,
  },
  {
    name: 'application-has-form',
    meaning: 'What was submitted is there, every version of it, as long as it has not been deleted.',
    sql: `
      select 'registration:' || id as id from application
      where erased_at is null and not ${ofErased} and version <> (select count(*) from application_form where application_id = application.id
        and version <= application.version and library = application.library)`,
  },
  {
    name: 'approval-opens-one-account',
    meaning:
      'An approval opened one account, or was for an account there was; nothing else opened one by registration.',
    sql: `
      select 'registration:' || application.id as id from application join patron on patron.id = application.patron_id
      where application.library <> patron.library
      union all
      select 'registration:' || application.id from application
        left join event on event.kind = 'registered' and event.detail ->> 'applicationId' = application.id::text
      where not ${ofErased}
      group by application.id
      having count(event.id) > 1 or (count(event.id) = 1 and application.state <> 'approved')
        or (application.state = 'approved' and count(event.id) = 0 and not exists
          (select from event granted where granted.kind = 'service-granted' and granted.detail ->> 'applicationId' = application.id::text))
      union all
      select 'patron:' || subject_id from event where kind = 'registered' group by subject_id having count(*) > 1`,
  },
  {
    name: 'no-spare-passwords',
    meaning: 'Once an application has become an account, no form keeps a copy of its password.',
    sql: `
      select 'registration:' || application.id as id from application join application_form on application_id = application.id
      where application.state in ('approved', 'merged') and password_hash is not null`,
  },
  {
    name: 'abandoned-lapses',
    meaning: 'No application waits for its applicant longer than it says.',
    sql: `select 'registration:' || id as id from application where lapses_at < ${now} - ${grace}`,
  },
  {
    name: 'overdue-review-is-told',
    meaning: 'The supervisor has been told of every review that is overdue.',
    sql: `
      select 'registration:' || id as id from application where state = 'reviewing' and review_due_at < ${now} - ${grace}
        and (escalated_on is null or not exists (select from notice where kind = 'application-overdue' and subject_id = application.id))`,
  },
  {
    name: 'deleted-in-time',
    meaning:
      'What was submitted to an application that came to nothing is deleted when its time has come and its last mail is out.',
    sql: `
      select 'registration:' || id as id from application where erased_at is null and erase_at < ${now} - ${grace}
        and not exists (select from notice where subject_id = application.id and state = 'queued')`,
  },
  {
    name: 'deleted-leaves-nothing',
    meaning: 'Of a deleted application nothing is left that says who it was.',
    sql: `
      select 'registration:' || application.id as id from application where erased_at is not null and (
        exists (select from application_form where application_id = application.id)
        or exists (select from notice where subject_id = application.id and audience <> 'patron'
          and concat(address, addressee, recipient, body_text, body_html) <> '')
        or exists (select from event join remark on remark.id::text = event.detail ->> 'remarkId'
          where event.subject_id = application.id and remark.text <> ''))`,
  },
];
