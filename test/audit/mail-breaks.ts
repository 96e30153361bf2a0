import type { Break } from './breaks.ts';

/** Far enough in the past to be late for every grace. */
const longAgo = `'2026-01-01T00:00:00Z'::timestamptz`;

export const mailBreaks: readonly Break[] = [
  {
    name: 'failing-address-is-phoned',
    sql: ({ mails: { failing, phoned } }) => `
      delete from task where subject_id = '${phoned}';
      update notice set state = 'queued', settled_at = null where subject_id = '${phoned}' and kind = 'secured';
      update hold set secured_at = ${longAgo} where id = '${phoned}';
      update patron set email_since = ${longAgo} where id = '${failing}'`,
  },
  {
    name: 'failing-address-is-told',
    sql: ({ mails: { failing } }) =>
      `delete from notice where subject_id = '${failing}' and kind = 'email-failing'`,
  },
  {
    name: 'returned-mail-is-no-contact',
    sql: ({ mails: { contacted } }) => `
      insert into bounce (id, library, notice_id, message_key, outcome, format, via, received_at, recorded_at, effect)
      select gen_random_uuid(), library, id, 'another', 'soft', 'words', 'imap', now(), now(), 'counted'
      from notice where subject_id = '${contacted}' and kind = 'secured'`,
  },
  {
    name: 'report-is-decided',
    sql: ({ mails: { bounce } }) =>
      `update bounce set recorded_at = null, effect = null, received_at = ${longAgo} where id = '${bounce}'`,
  },
  {
    name: 'confirmed-address-is-registered',
    sql: ({ mails: { confirmed } }) =>
      `update patron set email = 'other@reader.example' where id = '${confirmed}'`,
  },
  {
    name: 'link-used-in-time',
    sql: () => `update email_confirmation set expires_at = used_at where used_at is not null`,
  },
  {
    name: 'one-open-link',
    sql: ({ mails: { confirmed } }) =>
      `update email_confirmation set used_at = null where subject_id = '${confirmed}'`,
  },
];
