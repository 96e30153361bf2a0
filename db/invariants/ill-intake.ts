import type { Invariant } from './invariant.ts';

/** What readers have submitted, and to whom (I1, I2). */
export const illIntakeInvariants: readonly Invariant[] = [
  {
    name: 'request-at-home',
    meaning: 'A request is at a library where its reader has the account.',
    sql: `
      select 'ill:' || request.id as id from ill_request request join patron on patron.id = request.patron_id
      where patron.library <> request.library`,
  },
  {
    name: 'request-has-its-form',
    meaning: 'The form that counts for a request is one of its own versions, of the same library and reader.',
    sql: `
      select 'ill:' || request.id as id from ill_request request join ill_form form on form.id = request.form_id
      where form.request_id <> request.id or form.library <> request.library or form.patron_id is distinct from request.patron_id`,
  },
  {
    name: 'linked-accounts-elsewhere',
    meaning: 'Linked accounts are at different libraries.',
    sql: `
      select 'patron:' || link.patron_id as id from account_link link
      join patron one on one.id = link.patron_id join patron other on other.id = link.other_id where one.library = other.library`,
  },
];
