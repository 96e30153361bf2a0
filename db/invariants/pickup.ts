import { grace, type Invariant, now } from './invariant.ts';

/** Contact and the week that follows it (H6). */
export const pickupInvariants: readonly Invariant[] = [
  {
    name: 'window-ends-in-time',
    meaning: 'No item is kept past its window: each window that has run out has lapsed.',
    sql: `select 'hold:' || id as id from hold where state = 'secured' and keep_until < ${now} - ${grace}`,
  },
  {
    name: 'no-early-lapse',
    meaning: 'No hold lapsed before its window had run out.',
    sql: `
      select 'hold:' || id as id from hold
      where state = 'lapsed' and (keep_until is null or ended_at < keep_until)`,
  },
  {
    name: 'window-follows-contact',
    meaning:
      'A window has begun exactly when the reader has been contacted, and only for an item on the hold shelf.',
    sql: `
      select 'hold:' || id as id from hold
      where (contacted_at is null) <> (keep_until is null) or keep_until <= contacted_at
        or (state in ('waiting', 'in-transit') and contacted_at is not null)
        or (state = 'secured' and contact = 'none' and contacted_at is null)`,
  },
  {
    name: 'contact-on-record',
    meaning: 'Whoever counts as contacted was sent the mail, was reached by phone, or wished no contact.',
    sql: `
      select 'hold:' || hold.id as id from hold
      where contacted_at is not null and not exists (
        select from event left join notice on event.kind = 'contacted-by-mail' and notice.id = (event.detail ->> 'noticeId')::uuid
        where event.subject_id = hold.id and (event.kind = 'call-reached' or notice.state = 'sent'
          or (event.kind = 'hold-secured' and event.detail ->> 'contact' = 'none')))`,
  },
  {
    name: 'contact-under-way',
    meaning:
      'For every reader who is yet to be contacted a mail is queued or a phone call is on the work list.',
    sql: `
      select 'hold:' || hold.id as id from hold
      where state = 'secured' and contacted_at is null
        and not exists (select from notice where subject_id = hold.id and kind = 'secured' and state = 'queued' and channel = 'mail')
        and not exists (select from task where subject_id = hold.id and kind = 'phone-reader' and resolved_at is null)`,
  },
  {
    name: 'no-needless-call',
    meaning:
      'No phone call is on the work list for a reader who has been contacted or has nothing on the hold shelf.',
    sql: `
      select 'task:' || task.id as id from task left join hold on hold.id = task.subject_id
      where task.kind = 'phone-reader' and task.resolved_at is null
        and (hold.state = 'secured' and hold.contacted_at is null) is not true`,
  },
];
