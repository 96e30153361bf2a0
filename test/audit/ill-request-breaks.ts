import type { Break } from './breaks.ts';

const id = (n: number): string => `00000000-0000-7000-8000-0000000e000${n}`;

/** A request of the demonstration library; `columns` and `values` say where it stands. */
const request = (columns: string, values: string, patron = 'null'): string => `
  insert into ill_form (id, request_id, version, library, patron_id, service, literature, content, delivery, actor, submitted_at)
  values ('${id(1)}', '${id(1)}', 1, 'demo', ${patron}, 'loan', 'book', '{"title":"T"}', 'pickup', 'system', now());
  insert into ill_request (id, library, number, patron_id, mode, service, literature, title, form_id, delivery, actor, submitted_at, ${columns})
  values ('${id(1)}', 'demo', 'N-break-e', ${patron}, 'distributed', 'loan', 'book', 'T', '${id(1)}', 'pickup', 'system', now(), ${values});`;

/** What could be wrong with requests while they are obtained. */
export const illRequestBreaks: readonly Break[] = [
  { name: 'request-with-supplier', sql: () => request('state', `'promised'`) },
  {
    name: 'request-asked-somebody',
    sql: () => request('state, asks, ask_until', `'asked', 'staff', now() + interval '1 day'`),
  },
  { name: 'request-review-listed', sql: () => request('state', `'reviewing'`) },
  {
    name: 'request-unfilled-told',
    sql: () =>
      request(
        'state, ended_at',
        `'unfilled', now()`,
        `(select id from patron where library = 'demo' and erased_at is null limit 1)`,
      ),
  },
];
