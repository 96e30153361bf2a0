import type { Break } from './breaks.ts';

/** Far enough in the past to be late for every grace. */
const longAgo = `'2026-01-01T00:00:00Z'::timestamptz`;

export const registrationBreaks: readonly Break[] = [
  {
    name: 'application-story',
    sql: ({ applications: { approved } }) => `
      insert into event (id, library, subject_type, subject_id, kind, actor, at)
      select gen_random_uuid(), library, 'application', id, 'application-lapsed', 'system', ended_at from application where id = '${approved}'`,
  },
  {
    name: 'review-has-task',
    sql: ({ applications: { reviewing } }) =>
      `update task set due_at = due_at + interval '1 day' where subject_id = '${reviewing}'`,
  },
  {
    name: 'application-has-form',
    sql: ({ applications: { reviewing } }) =>
      `delete from application_form where application_id = '${reviewing}'`,
  },
  {
    name: 'approval-opens-one-account',
    sql: ({ applications: { approved } }) => `
      insert into event (id, library, subject_type, subject_id, patron_id, kind, actor, at, detail)
      select gen_random_uuid(), library, 'patron', patron_id, patron_id, 'registered', 'system', ended_at, jsonb_build_object('applicationId', id)
      from application where id = '${approved}'`,
  },
  {
    name: 'no-spare-passwords',
    sql: ({ applications: { approved } }) =>
      `update application_form set password_hash = 'kept' where application_id = '${approved}'`,
  },
  {
    name: 'abandoned-lapses',
    sql: ({ applications: { questioned } }) =>
      `update application set lapses_at = ${longAgo} where id = '${questioned}'`,
  },
  {
    name: 'overdue-review-is-told',
    sql: ({ applications: { reviewing } }) => `
      update application set review_due_at = ${longAgo} where id = '${reviewing}';
      update task set due_at = ${longAgo} where subject_id = '${reviewing}'`,
  },
  {
    name: 'deleted-in-time',
    sql: ({ applications: { refused } }) =>
      `update application set erase_at = ${longAgo} where id = '${refused}'`,
  },
  {
    name: 'deleted-leaves-nothing',
    sql: ({ applications: { erased } }) => `
      update notice set address = 'somebody@example.org' where subject_id = '${erased}'`,
  },
];
