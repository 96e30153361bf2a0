import { v7 as uuid } from 'uuid';
import type { Language } from '../domain/languages.ts';
import type { Store } from './batch.ts';
import type { ReaderRow } from './reader-rows.ts';
import { upsert, type Target } from './upsert.ts';

const target: Target = {
  table: 'patron',
  key: 'card',
  columns: {
    id: 'uuid',
    card: 'text',
    name: 'text',
    birth_date: 'date',
    email: 'text',
    email_state: 'text',
    phone: 'text',
    language: 'text',
    user_group: 'text',
    expires_on: 'date',
    paid_until: 'date',
    created_at: 'timestamptz',
  },
  kept: ['id', 'created_at'],
};

/** The library vouches for an address it brings; one that it brought before keeps what has been learned of it (A11). */
const mailState = {
  email_state:
    'case when patron.email is not distinct from excluded.email then patron.email_state else excluded.email_state end',
};

/**
 * Readers by card. What the file has no column for stays as it is; blocks, passwords, holds, loans and money are no matter of an import. An e-mail
 * address counts as confirmed: it was in use in the system the file comes from.
 */
export function storeReaders(libraryLanguage: Language): Store<ReaderRow> {
  return async (tx, batch, { library, now }) => {
    const [first] = batch;
    const rows = batch.map(({ ok: { group, ...row } }) => ({
      ...row,
      user_group: group,
      language: row.language ?? libraryLanguage,
      email_state: row.email ? 'confirmed' : 'none',
      id: uuid(),
      created_at: now,
    }));
    const absent = first && !('language' in first.ok) ? ['language'] : [];
    const derived = first && 'email' in first.ok ? mailState : {};
    const kept = [...target.kept, ...absent, ...('email_state' in derived ? [] : ['email_state'])];
    return { counts: await upsert(tx, { ...target, kept, derived }, library, rows), rejected: [] };
  };
}
