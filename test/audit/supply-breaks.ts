import type { Break } from './breaks.ts';

const id = (n: number): string => `00000000-0000-7000-8000-0000000f000${n}`;

const supply = (columns: string, values: string): string => `
  insert into supply_request (id, library, number, peer, their_ref, service, literature, title, content, delivery, received_at, ${columns})
  values ('${id(1)}', 'demo', 'N-break', 'elsewhere', 'R-break', 'loan', 'book', 'T', '{}', '{}', now(), ${values});`;

/** What could be wrong with other libraries' requests. */
export const supplyBreaks: readonly Break[] = [
  {
    name: 'item-agrees-with-supply',
    sql: () => `
      insert into item (id, library, title_id, barcode, branch, for_loan, state, state_since, at_branch, created_at)
      select '${id(2)}', library, id, 'break', 'main', true, 'lent-out', now(), 'main', now() from title where library = 'demo' limit 1;`,
  },
  {
    name: 'supply-told',
    sql: () => `
      ${supply('status, ended_at', `'Unfilled', now()`)}
      insert into ill_message (id, library, peer, direction, about, about_id, name, says, request_ref, said_at, hash, body, state, stored_at, settled_at)
      values ('${id(3)}', 'demo', 'elsewhere', 'out', 'supply', '${id(1)}', 'supplyingAgencyMessage', 'RequestResponse/WillSupply', 'R-break', now(), 'h',
        '{"statusInfo": {"status": "WillSupply"}}', 'sent', now(), now());`,
  },
  { name: 'supply-forwarded', sql: () => supply('status, forwards', `'RequestReceived', true`) },
  {
    name: 'supply-late-shown',
    sql: () => supply('status, waits_for, answer_by', `'RequestReceived', 'answer', '2000-01-01'`),
  },
];
