import type { Break } from './breaks.ts';

const id = (n: number): string => `00000000-0000-7000-8000-0000000ea00${n}`;

const patron = (n: number, library: string): string => `
  insert into patron (id, library, card, name, email_state, language, user_group, created_at)
  values ('${id(n)}', '${library}', 'break-${n}', 'B', 'none', 'en', 'adult', now());`;

const request = (library: string, patronId: string, formPatron: string): string => `
  insert into ill_form (id, request_id, version, library, patron_id, service, literature, content, delivery, actor, submitted_at)
  values ('${id(1)}', '${id(1)}', 1, '${library}', ${formPatron}, 'loan', 'book', '{"title":"T"}', 'electronic', 'system', now());
  insert into ill_request (id, library, number, patron_id, mode, service, literature, title, form_id, delivery, state, actor, submitted_at, ended_at)
  values ('${id(1)}', '${library}', 'break', ${patronId}, 'email', 'loan', 'book', 'T', '${id(1)}', 'electronic', 'rejected', 'system', now(), now());`;

/** What could be wrong with what readers have submitted. */
export const illIntakeBreaks: readonly Break[] = [
  {
    name: 'request-at-home',
    sql: () => `${patron(2, 'chikushino')} ${request('demo', `'${id(2)}'`, `'${id(2)}'`)}`,
  },
  {
    name: 'request-has-its-form',
    sql: () => `${patron(2, 'demo')} ${request('demo', `'${id(2)}'`, 'null')}`,
  },
  {
    name: 'linked-accounts-elsewhere',
    sql: () => `${patron(2, 'demo')} ${patron(3, 'demo')}
      insert into account_link (patron_id, other_id, linked_at) values ('${id(2)}', '${id(3)}', now());`,
  },
];
