import { Migration } from '@mikro-orm/migrations';

/** What the exchange of messages looks up (I18): what could not be sent and has not been noticed, and what was taken in and not yet heeded. */
export class Migration20261221000000Exchange extends Migration {
  override up(): void {
    this.addSql(`
create index ill_message_unsent on ill_message (about_id) where direction = 'out' and state in ('refused', 'given-up') and settled_at is null;
create index ill_message_stray on ill_message (library, seq) where about is null;

create or replace view supply as
  select id, library, null::uuid as patron_id, status as state, received_at, look_at, ended_at,
    (select min(stored_at) from ill_message message where message.about_id = supply_request.id
      and (message.state = 'stored' or direction = 'out' and message.state in ('refused', 'given-up') and settled_at is null)) as stored_since
  from supply_request
  union all
  select about_id, library, null::uuid, 'RequestReceived', min(stored_at), null, null, min(stored_at)
  from ill_message message
  where about = 'supply' and state = 'stored' and not exists (select from supply_request where id = message.about_id)
  group by about_id, library;

create or replace view peer as
  select id, library, null::uuid as patron_id,
    case when paused_at is not null then 'paused' when failing_since is null then 'working' else 'failing' end as state, next_try_at,
    (select min(stored_at) from ill_message message
      where message.library = ill_peer.library and message.peer = ill_peer.code and message.state = 'queued') as queued_since,
    paused_at is not null as is_paused
  from ill_peer;
    `);
  }
}
