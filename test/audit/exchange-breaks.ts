import type { Break } from './breaks.ts';

const id = (n: number): string => `00000000-0000-7000-8000-0000000e000${n}`;

const line = `insert into ill_peer (id, library, code) values ('${id(9)}', 'demo', 'elsewhere');`;

const message = (n: number, direction: string, state: string, at: string): string => `
  insert into ill_message (id, library, peer, direction, about, about_id, name, says, request_ref, said_at, hash, body, state, stored_at)
  values ('${id(n)}', 'demo', 'elsewhere', '${direction}', 'supply', '${id(1)}', 'requestingAgencyMessage', 'Cancel', 'R-break', '${at}', '', '{}', '${state}', '${at}');`;

/** What could be wrong with messages between agencies. */
export const exchangeBreaks: readonly Break[] = [
  { name: 'message-heeded', sql: () => message(2, 'in', 'stored', '2000-01-01') },
  {
    name: 'messages-in-order',
    sql: () => line + message(2, 'out', 'queued', '2000-01-01') + message(3, 'out', 'sent', '2000-01-02'),
  },
  {
    name: 'message-times-rise',
    sql: () => message(2, 'out', 'sent', '2000-01-02') + message(3, 'out', 'sent', '2000-01-01'),
  },
  { name: 'message-has-line', sql: () => message(2, 'out', 'queued', '2000-01-01') },
];
