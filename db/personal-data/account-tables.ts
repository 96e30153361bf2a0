import { applications, type PersonalTable } from './personal-table.ts';

const identified = `(library, provider, subject) in (select library, provider, subject from patron_identity where patron_id = :patron)`;

/** Who the reader is, how they sign in, and how they came to the account. */
export const accountTables: readonly PersonalTable[] = [
  {
    table: 'patron',
    rows: 'select * from patron where id = :patron',
    erase: [
      `update patron set card = 'erased:' || id, name = '', birth_date = null, email = null, email_state = 'none', email_since = null,
         email_reason = null, phone = null, login = null, permissions = '{}', details = '{}', paid_until = null, expires_on = null,
         overdraft_limit = null, notice_preferences = '{}', main_id = null, linked_at = null,
         closed_at = coalesce(closed_at, :at), erased_at = :at
       where id = :patron`,
    ],
    stays:
      'An id without a person, the user group and the day of joining: to it the money’s bookings belong.',
  },
  {
    table: 'verified_identity',
    rows: `select * from verified_identity where ${identified}`,
    erase: [`delete from verified_identity where ${identified}`],
    stays: '',
  },
  {
    table: 'patron_identity',
    rows: 'select * from patron_identity where patron_id = :patron',
    erase: ['delete from patron_identity where patron_id = :patron'],
    stays: '',
  },
  {
    table: 'credential',
    rows: 'select * from credential where patron_id = :patron',
    secret: ['password_hash'],
    erase: ['delete from credential where patron_id = :patron'],
    stays: '',
  },
  {
    table: 'password_link',
    rows: 'select * from password_link where patron_id = :patron',
    erase: ['update password_link set used_at = coalesce(used_at, :at) where patron_id = :patron'],
    stays: 'That there was a link, until the daily tidying.',
  },
  {
    table: 'session',
    rows: `select * from session where holder_kind = 'patron' and holder_id = :patron`,
    secret: ['token_hash'],
    erase: [`delete from session where holder_kind = 'patron' and holder_id = :patron`],
    stays: '',
  },
  {
    table: 'known_address',
    rows: 'select * from known_address where holder_id = :patron',
    erase: ['delete from known_address where holder_id = :patron'],
    stays: '',
  },
  {
    table: 'email_confirmation',
    rows: `select * from email_confirmation where subject_id = :patron or subject_id in (${applications})`,
    erase: [
      `update email_confirmation set address = '', replaces = null, dropped_at = case when used_at is null then coalesce(dropped_at, :at) end
       where subject_id = :patron or subject_id in (${applications})`,
    ],
    stays: 'That an address was asked about, without the address.',
  },
  {
    table: 'application_form',
    rows: `select * from application_form where patron_id = :patron or application_id in (${applications})`,
    secret: ['password_hash', 'name_keys', 'email_key', 'phone_key'],
    erase: [`delete from application_form where patron_id = :patron or application_id in (${applications})`],
    stays: '',
  },
  {
    table: 'application',
    rows: 'select * from application where patron_id = :patron',
    erase: [],
    stays: 'That there was an application, when, and how it was decided.',
  },
  {
    table: 'patron_change',
    rows: 'select * from patron_change where patron_id = :patron',
    erase: [
      `update patron_change set wanted = '{}', seen = null, before = case when applied_at is not null then '{}'::jsonb end where patron_id = :patron`,
    ],
    stays: 'Who changed which field, and when; not what stood in it.',
  },
  {
    table: 'data_export',
    rows: 'select * from data_export where patron_id = :patron',
    erase: [],
    stays: 'That a copy of the data was handed out.',
  },
  {
    table: 'family_consent',
    rows: 'select * from family_consent where :patron in (main_id, sub_id)',
    erase: ['delete from family_consent where :patron in (main_id, sub_id)'],
    stays: '',
  },
  {
    table: 'erasure',
    erase: [],
    stays: 'That the reader was erased, when and by whom.',
  },
];
