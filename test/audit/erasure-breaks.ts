import type { Break } from './breaks.ts';

const id = '00000000-0000-7000-8000-0000000000e0';

const stub = `
  insert into patron (id, library, card, name, email_state, language, user_group, closed_at, erased_at, created_at)
  select '${id}', code, 'erased:${id}', '', 'none', 'en', 'adult', now(), now(), now() from library where code = 'demo'`;

const erased = `${stub};
  insert into erasure (id, library, patron_id, actor, at) values (gen_random_uuid(), 'demo', '${id}', 'system', now())`;

/** What could be left of a reader who was erased. */
export const erasureBreaks: readonly Break[] = [
  {
    name: 'erased-reader-is-empty',
    sql: () => `${erased}; update patron set login = 'back' where id = '${id}'`,
  },
  {
    name: 'erased-reader-has-nothing',
    sql: () => `${erased};
      insert into block (id, patron_id, reason, placed_by, placed_at) values (gen_random_uuid(), '${id}', 'manual', 'system', now())`,
  },
  {
    name: 'erased-reader-unreadable',
    sql: () => `${erased};
      insert into email_confirmation (id, library, subject_type, subject_id, address, purpose, requested_by, created_at, expires_at)
      values (gen_random_uuid(), 'demo', 'patron', '${id}', 'a@example.org', 'set', 'system', now(), now())`,
  },
  { name: 'erasure-on-record', sql: () => stub },
];
