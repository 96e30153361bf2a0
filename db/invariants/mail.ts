import { grace, type Invariant, now } from './invariant.ts';

const told = (table: 'event' | 'notice', time: string): string => `
  exists (select from ${table} where ${table}.subject_id = patron.id and ${table}.kind = 'email-failing' and ${time} >= patron.email_since)`;

/** Addresses, and mail that comes back (A11, N4). */
export const mailInvariants: readonly Invariant[] = [
  {
    name: 'failing-address-is-phoned',
    meaning: 'No reader whose address fails waits for a mail that a copy is ready: the desk has the call.',
    sql: `
      select 'hold:' || hold.id as id from hold join patron on patron.id = hold.patron_id
      where hold.state = 'secured' and hold.contact = 'mail' and hold.contacted_at is null
        and patron.email_state = 'failing' and greatest(patron.email_since, hold.secured_at) < ${now} - ${grace}
        and not exists (select from task where subject_id = hold.id and kind = 'phone-reader' and resolved_at is null)`,
  },
  {
    name: 'failing-address-is-told',
    meaning:
      'Whoever has an address that was found to fail was told, and staff have or had the task to ask for another.',
    sql: `
      select 'patron:' || patron.id as id from patron
      where email_state = 'failing' and email_since is not null and not (${told('event', 'event.at')} and ${told('notice', 'notice.created_at')}
        and exists (select from task where task.subject_id = patron.id and task.kind = 'email-failing'
          and coalesce(resolved_at, 'infinity') >= patron.email_since))`,
  },
  {
    name: 'returned-mail-is-no-contact',
    meaning: 'No pickup period counts from a mail that came back undelivered.',
    sql: `
      select 'hold:' || hold.id as id from hold
        join notice on notice.subject_id = hold.id and notice.kind = 'secured' and notice.settled_at = hold.contacted_at
      where hold.state = 'secured' and hold.contact <> 'none' and exists (select from bounce
        where notice_id = notice.id and outcome <> 'delayed' and recorded_at is not null)`,
  },
  {
    name: 'report-is-decided',
    meaning: 'No report about a mail has waited for longer than the grace to be dealt with.',
    sql: `select 'bounce:' || id as id from bounce where recorded_at is null and received_at < ${now} - ${grace}`,
  },
  {
    name: 'confirmed-address-is-registered',
    meaning: 'The address a reader confirmed last is the one that is registered.',
    sql: `
      select 'patron:' || patron.id as id from patron join email_confirmation on subject_id = patron.id and used_at = patron.email_since
      where erased_at is null and (patron.email is distinct from address or email_state <> 'confirmed')`,
  },
  {
    name: 'link-used-in-time',
    meaning: 'Every confirmation link that was used was used before it expired.',
    sql: `select 'email-confirmation:' || id as id from email_confirmation where used_at >= expires_at`,
  },
  {
    name: 'one-open-link',
    meaning: 'Of the confirmation links a reader was sent at most one works.',
    sql: `
      select subject_type || ':' || subject_id as id from email_confirmation asked
      where subject_type = 'patron' and used_at is null and dropped_at is null
        and exists (select from notice where notice.subject_id = asked.subject_id and cause = 'confirm-email:' || asked.id)
      group by subject_type, subject_id having count(*) > 1`,
  },
];
