import { Migration } from '@mikro-orm/migrations';

/** A line to another agency has ended its process when nothing is queued on it; the audit asks since when (I18). */
export class Migration20261228000000PeerEnded extends Migration {
  override up(): void {
    this.addSql(`
create or replace view peer as
  select id, library, null::uuid as patron_id,
    case when paused_at is not null then 'paused' when failing_since is null then 'working' else 'failing' end as state, next_try_at,
    queued.since as queued_since, paused_at is not null as is_paused,
    case when queued.since is null then sent_at else paused_at end as ended_at
  from ill_peer cross join lateral (
    select min(stored_at) as since from ill_message message
      where message.library = ill_peer.library and message.peer = ill_peer.code and message.state = 'queued') queued;
    `);
  }
}
