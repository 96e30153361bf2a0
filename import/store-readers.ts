import { v7 as uuid } from 'uuid';
import type { Language } from '../domain/languages.ts';
import type { Store } from './batch.ts';
import type { Tx } from '../db/transaction.ts';
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

/** Until when payments in Carrel's own books have extended cards, `YYYY-MM-DD` by card (F3). */
async function paidHere(tx: Tx, library: string, cards: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.execute<{ card: string; until: string }[]>(
    `select card, paid_until::text as until from patron
     where library = ? and card in (select jsonb_array_elements_text(?::jsonb))
       and exists (select from membership_cover where patron_id = patron.id)`,
    [library, JSON.stringify(cards)],
  );
  return new Map(rows.map(({ card, until }) => [card, until]));
}

/** A file does not take back what was paid here. */
const later = (stated: string | null | undefined, paid: string | undefined) =>
  stated != null && (paid === undefined || stated > paid) ? stated : (paid ?? stated ?? null);

/**
 * Readers by card. What the file has no column for stays as it is; blocks, passwords, holds, loans and money are no matter of an import. An e-mail
 * address counts as confirmed: it was in use in the system the file comes from.
 */
export function storeReaders(libraryLanguage: Language): Store<ReaderRow> {
  return async (tx, batch, { library, now }) => {
    const [first] = batch;
    const paid = await paidHere(
      tx,
      library,
      batch.map(({ ok }) => ok.card),
    );
    const rows = batch.map(({ ok: { group, ...row } }) => ({
      ...row,
      ...('paid_until' in row && { paid_until: later(row.paid_until, paid.get(row.card)) }),
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
