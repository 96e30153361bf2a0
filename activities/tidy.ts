import { reader } from '../db/transaction.ts';
import type { ActivityDeps } from './deps.ts';
import { erasePeople } from './ill/erase-people.ts';
import { eraseSupplies } from './supply/erase.ts';

export interface Tidy {
  readonly now: number;
}

const dayMs = 86_400_000;

/**
 * What may go, and after how many days: documents nobody acted on, and what only served to find a repetition. Rows that tell what happened – holds, loans,
 * notices, events, the ledger – are never among them.
 */
const expired: readonly (readonly [table: string, days: number, condition: string])[] = [
  ['session', 2, 'least(expires_at, coalesce(revoked_at, expires_at)) < ?'],
  ['sign_in_challenge', 2, 'expires_at < ?'],
  ['sign_in_throttle', 2, 'greatest(window_started_at, locked_until) < ?'],
  ['known_address', 90, 'last_used_at < ?'],
  ['password_link', 7, 'expires_at < ?'],
  ['identity_verification', 1, 'expires_at < ?'],
  ['verified_identity', 1, 'expires_at < ?'],
  // An address that was confirmed is part of the reader's story; one that never was is nobody's business.
  [
    'email_confirmation',
    30,
    `used_at is null and expires_at < ? and not exists
      (select from notice where notice.subject_id = email_confirmation.subject_id and state = 'queued')`,
  ],
  [
    'application_form',
    1,
    'submitted_at < ? and not exists (select from application where id = application_form.application_id)',
  ],
  [
    'ill_form',
    1,
    'version = 1 and submitted_at < ? and not exists (select from ill_request where id = ill_form.request_id)',
  ],
  ['ill_draft', 0, 'expires_at < ?'],
  // A file that was uploaded and never delivered; one that another library had time enough to fetch.
  [
    'ill_document',
    1,
    `about = 'request' and stored_at < ? and not exists
      (select from event where subject_id = about_id and kind = 'ill-document-taken' and detail ->> 'documentId' = ill_document.id::text)`,
  ],
  ['ill_document', 0, `about = 'supply' and expires_at < ?`],
  // A message that was about nothing, or not understood: staff have had their time to look.
  ['ill_message', 90, 'about is null and stored_at < ?'],
  ['patron_change', 30, 'applied_at is null and submitted_at < ?'],
  ['request', 30, 'at < ?'],
  ['cart_confirmation', 30, 'confirmed_at < ?'],
  ['operation', 90, 'at < ?'],
  // Their time is in the row: the library's policy says it.
  ['voucher_file', 0, 'keep_until < ?'],
];

const most = 10_000;

export function createTidyActivities(deps: ActivityDeps) {
  const { orm } = deps;
  return {
    /** Deletes what has expired, at most ten thousand rows a table and run, and takes the people out of old requests that have no account: of outside ones, and of those that were made for somebody; answers how many. */
    tidy: async ({ now }: Tidy): Promise<{ deleted: number; erased: number }> => {
      let deleted = 0;
      for (const [table, days, condition] of expired) {
        const sql = `delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} limit ${most}))`;
        const values = [new Date(now - days * dayMs)];
        deleted += (await reader(orm).execute<{ affectedRows: number }>(sql, values, 'run')).affectedRows;
      }
      return { deleted, erased: (await eraseSupplies(deps, now)) + (await erasePeople(deps, now)) };
    },
  };
}
