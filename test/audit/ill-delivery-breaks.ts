import type { Break } from './breaks.ts';

const id = (n: number): string => `00000000-0000-7000-8000-0000000d000${n}`;

interface Asked {
  readonly state?: string;
  readonly item?: boolean;
  readonly document?: boolean;
  readonly ended?: boolean;
}

/** A request for nobody who has a card, with its form. */
const request = ({ state = 'received', item, document, ended }: Asked = {}): string => `
  insert into ill_form (id, request_id, version, library, service, literature, content, delivery, actor, submitted_at)
  values ('${id(1)}', '${id(1)}', 1, 'demo', 'copy', 'article', '{}', 'electronic', 'system', now());
  insert into ill_request (id, library, number, mode, service, literature, title, form_id, delivery, state, actor, submitted_at, item_id, document_id, ended_at)
  values ('${id(1)}', 'demo', 'D-break', 'email', 'copy', 'article', 'T', '${id(1)}', 'electronic', '${state}', 'system', now(),
    ${item ? `'${id(3)}'` : 'null'}, ${document ? `'${id(4)}'` : 'null'}, ${ended ? 'now()' : 'null'});`;

const thing = (kind: 'ill' | 'book', state = 'available'): string => `
  insert into title (id, library, control_number, kind, title, search_text, created_at) values ('${id(2)}', 'demo', 'ill-break', '${kind}', 'T', '', now());
  insert into item (id, library, title_id, barcode, branch, at_branch, state, state_since, ill_request_id, created_at)
  values ('${id(3)}', 'demo', '${id(2)}', 'ill-break', 'main', 'main', '${state}', now(), '${id(1)}', now());`;

const document = (given: { readonly downloads?: number; readonly released?: boolean } = {}): string => `
  insert into ill_document (id, library, about, about_id, name, media_type, size, hash, content, actor, stored_at, downloads, released_at)
  values ('${id(4)}', 'demo', 'request', '${id(1)}', '', 'application/pdf', 1, 'h', 'x', 'system', now(), ${given.downloads ?? 0},
    ${given.released ? 'now()' : 'null'});`;

/** The statements in any order: what refers to what is not looked at. */
const loosely = (sql: string): string => `set local session_replication_role = replica; ${sql}`;

/** What could be wrong with what other libraries have sent. */
export const illDeliveryBreaks: readonly Break[] = [
  { name: 'ill-item-has-request', sql: () => loosely(`${request()} ${thing('ill')}`) },
  {
    name: 'ill-lent-to-its-reader',
    sql: () => loosely(`${request({ state: 'lent', item: true })} ${thing('ill')}`),
  },
  {
    name: 'ill-return-asked',
    sql: () =>
      loosely(`${request({ state: 'received' })}
        insert into ill_attempt (id, request_id, library, position, peer, our_ref, status, outcome, sent_at, ended_at)
        values ('${id(5)}', '${id(1)}', 'demo', 1, 'one', 'D-break-1', 'LoanCompleted', 'completed', now(), now());
        update ill_request set attempt_id = '${id(5)}' where id = '${id(1)}';`),
  },
  { name: 'ill-hidden-title', sql: () => loosely(`${request({ item: true })} ${thing('book')}`) },
  { name: 'ill-document-of-state', sql: () => loosely(request({ state: 'held' })) },
  {
    name: 'ill-downloads',
    sql: () => loosely(`${request({ document: true })} ${document({ downloads: 6, released: true })}`),
  },
  {
    name: 'ill-document-gone',
    sql: () => loosely(`${request({ state: 'completed', ended: true })} ${document()}`),
  },
];
