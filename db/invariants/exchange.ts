import { grace, type Invariant, now } from './invariant.ts';

/** Messages between agencies (I18). */
export const exchangeInvariants: readonly Invariant[] = [
  {
    name: 'message-heeded',
    meaning: 'A message that was taken in, and confirmed as stored, was heeded by what it is about.',
    sql: `
      select 'message:' || id as id from ill_message where state = 'stored' and stored_at + ${grace} < ${now}`,
  },
  {
    name: 'messages-in-order',
    meaning: 'No message about a request went out before an earlier one.',
    sql: `
      select 'message:' || waiting.id as id from ill_message waiting where state = 'queued' and exists (
        select from ill_message later where later.library = waiting.library and later.peer = waiting.peer and later.direction = 'out'
          and later.request_ref = waiting.request_ref and later.seq > waiting.seq and later.state in ('sent', 'refused'))`,
  },
  {
    name: 'message-times-rise',
    meaning:
      'Of the messages that we wrote about a request, the later has the later time: their receiver goes by it.',
    sql: `
      select 'message:' || id as id from (
        select id, said_at, lag(said_at) over (partition by about_id order by seq) as before from ill_message where direction = 'out') message
      where said_at <= before`,
  },
  {
    name: 'message-has-line',
    meaning: 'A message that waits to be sent has a line that sends it.',
    sql: `
      select 'message:' || id as id from ill_message message where state = 'queued'
        and not exists (select from ill_peer where ill_peer.library = message.library and ill_peer.code = message.peer)`,
  },
];
