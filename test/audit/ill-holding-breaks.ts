import type { Break } from './breaks.ts';

const id = '00000000-0000-7000-8000-0000000e0001';

/** What could be wrong with what is known of others' holdings. */
export const illHoldingBreaks: readonly Break[] = [
  {
    name: 'ill-holding-findable',
    sql: () => `
      insert into ill_holding (id, library, key, peer, origin, source, title, keys, lendable, copyable, search_text, stated_at)
      values ('${id}', 'demo', 'break', 'neighbour', 'import', 'break', 'T', '{}', true, true, '', now())`,
  },
  {
    name: 'ill-lookup-of-form',
    sql: () => `
      set local session_replication_role = replica;
      insert into ill_lookup (form_id, catalogue, request_id, found, looked_at) values ('${id}', 'union', '${id}', 0, now())`,
  },
];
