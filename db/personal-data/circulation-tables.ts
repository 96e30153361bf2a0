import { noticesWithSecret } from '../../domain/kinds.ts';
import { applications, type PersonalTable } from './personal-table.ts';

const actor = (column: string): string =>
  `${column} = case when ${column} = 'patron:' || :patron::text then 'patron:' || :anonymous::text else ${column} end`;

const named = `left join title on title.id = title_id left join item on item.id = item_id`;

const notices = `select id from notice where patron_id = :patron or subject_id = :patron or subject_id in (${applications})
  or audience <> 'patron' and subject_type = 'ill' and subject_id in (select id from ill_request where patron_id = :patron)`;

/** Their links are for whoever reads the mail: an export is also in the hands of staff, and of whoever finds a session open. */
const withSecret = noticesWithSecret.map((kind) => `'${kind}'`).join(', ');

/** Entries of bank statements that were booked for the reader. */
const entries = `select entry_id from journal where patron_id = :patron and entry_id is not null
  union select bank_entry.id from bank_entry join posting using (journal_id)
    where posting.account in ('receivable:' || :patron::text, 'prepaid:' || :patron::text)`;

const withoutText = `'{"body_text": null, "body_html": null}'::jsonb`;

/** What the reader borrowed, was told and owed, and what staff wrote about it. */
export const circulationTables: readonly PersonalTable[] = [
  {
    table: 'remark',
    rows: `select remark.created_at, remark.text from remark where id in (
      select remark_id from block where patron_id = :patron
      union select remark_id from task where patron_id = :patron
      union select remark_id from patron_change where patron_id = :patron
      union select remark_id from application where patron_id = :patron
      union select remark_id from journal where patron_id = :patron
      union select remark_id from charge where patron_id = :patron
      union select unnest(array[remark_id, decision_remark_id]) from dispute where patron_id = :patron
      union select remark_id from family_consent where :patron in (main_id, sub_id)
      union select case when detail ->> 'remarkId' ~ '^[0-9a-f-]{36}$' then (detail ->> 'remarkId')::uuid end from event
        where patron_id = :patron or subject_id = :patron or subject_id in (${applications}))`,
    erase: [
      `update remark set text = '' where id in (
        select remark_id from block where patron_id = :patron
        union select remark_id from task where patron_id = :patron or subject_id in (${applications})
        union select remark_id from patron_change where patron_id = :patron
        union select remark_id from application where patron_id = :patron
        union select remark_id from journal where patron_id = :patron
        union select remark_id from charge where patron_id = :patron
        union select unnest(array[remark_id, decision_remark_id]) from dispute where patron_id = :patron
        union select remark_id from family_consent where :patron in (main_id, sub_id)
        union select case when detail ->> 'remarkId' ~ '^[0-9a-f-]{36}$' then (detail ->> 'remarkId')::uuid end from event
          where patron_id = :patron or subject_id = :patron or subject_id in (${applications}))`,
    ],
    stays: 'That staff wrote something, and when; not what.',
  },
  {
    table: 'bounce',
    rows: `select bounce.* from bounce where notice_id in (${notices})`,
    secret: ['message_key'],
    erase: [`update bounce set diagnostic = null where notice_id in (${notices})`],
    stays: 'That a mail came back, for the figures.',
  },
  {
    table: 'notice',
    rows: `select shown.* from notice cross join lateral jsonb_populate_record(notice, case when kind in (${withSecret}) then ${withoutText} end) shown
      where notice.patron_id = :patron or notice.subject_id = :patron or notice.subject_id in (${applications})`,
    erase: [
      `update notice set state = 'withdrawn', settled_at = :at where state = 'queued' and id in (${notices})`,
      `update notice set subject = case when subject is not null then '' end, body_text = case when body_text is not null then '' end, body_html = null
       where kind like 'family-%' and :patron::text in (content ->> 'mainId', content ->> 'subId')`,
      `update notice set recipient = case when recipient is not null then '' end, subject = case when subject is not null then '' end,
         body_text = case when body_text is not null then '' end, body_html = null, content = '{}', last_error = null,
         address = case when address is not null then '' end, addressee = case when addressee is not null then '' end,
         patron_id = case when patron_id is null then null when subject_type in ('hold', 'loan') then :anonymous else patron_id end
       where id in (${notices})`,
    ],
    stays: 'That something of a kind was told and how it went out; no address, no text.',
  },
  {
    table: 'task',
    rows: 'select * from task where patron_id = :patron',
    erase: [
      `update task set resolved_at = :at, resolved_by = 'system', outcome = 'dropped' where resolved_at is null and patron_id = :patron`,
      'update task set patron_id = null where patron_id = :patron',
    ],
    stays: 'That there was something to do, and who did it.',
  },
  {
    table: 'block',
    rows: 'select * from block where patron_id = :patron',
    erase: ['delete from block where patron_id = :patron'],
    stays: '',
  },
  {
    table: 'cart_line',
    rows: 'select cart_line.*, title.title from cart_line join title on title.id = title_id where patron_id = :patron',
    erase: ['delete from cart_line where patron_id = :patron'],
    stays: '',
  },
  {
    table: 'cart_confirmation',
    rows: 'select * from cart_confirmation where patron_id = :patron',
    erase: ['delete from cart_confirmation where patron_id = :patron'],
    stays: '',
  },
  {
    table: 'event',
    rows: 'select * from event where patron_id = :patron or subject_id = :patron',
    erase: [
      `update event set ${actor('actor')},
         patron_id = case when subject_type in ('hold', 'loan') then :anonymous else patron_id end,
         detail = case when subject_type = 'patron' then '{}' else detail end
       where patron_id = :patron or subject_id = :patron`,
    ],
    stays: 'What happened to holds and loans, as anybody’s; of the account only that something happened.',
  },
  {
    table: 'hold',
    rows: `select hold.*, title.title, item.barcode from hold ${named.replace('item_id', 'hold.item_id').replace('title_id', 'hold.title_id')} where patron_id = :patron`,
    erase: [`update hold set ${actor('placed_by')}, patron_id = :anonymous where patron_id = :patron`],
    stays: 'The hold, as anybody’s of the user group.',
  },
  {
    table: 'loan',
    rows: `select loan.*, title.title, item.barcode from loan ${named.replace('item_id', 'loan.item_id').replace('title_id', 'loan.title_id')} where patron_id = :patron`,
    erase: [`update loan set ${actor('checked_out_by')}, patron_id = :anonymous where patron_id = :patron`],
    stays: 'The loan, as anybody’s of the user group.',
  },
  {
    table: 'charge',
    rows: 'select * from charge where patron_id = :patron',
    erase: [],
    stays: 'The charge, settled: books of account are kept, on an id without a person.',
  },
  {
    table: 'dispute',
    rows: 'select * from dispute where patron_id = :patron',
    erase: [],
    stays: 'That a charge was disputed and what staff decided; not in which words.',
  },
  {
    table: 'payment',
    rows: 'select * from payment where patron_id = :patron',
    erase: [],
    stays: 'The payment, as the bookings that belong to it.',
  },
  {
    table: 'journal',
    rows: `select journal.*, (select jsonb_agg(jsonb_build_object('account', account, 'amount', amount, 'currency', currency))
      from posting where journal_id = journal.id) as postings from journal where patron_id = :patron`,
    erase: [],
    stays: 'The booking: books of account are kept, on an id without a person.',
  },
  {
    table: 'statement_file',
    erase: [
      `update statement_file set content = null where ended_at is not null and id in (select file_id from bank_statement
         join bank_statement_entry on statement_id = bank_statement.id where entry_id in (${entries}))`,
    ],
    stays: 'That the bank’s file was read, and what came of it; not the file.',
  },
  {
    table: 'bank_entry',
    rows: `select bank_entry.* from bank_entry where id in (${entries})`,
    secret: ['key'],
    erase: [
      `update bank_entry set end_to_end = null, reference = null, remittance = '', payer_name = null, payer_account = null
       where id in (${entries})`,
    ],
    stays: 'That the bank booked an amount on a day: books of account are kept, on an id without a person.',
  },
  {
    table: 'difference',
    erase: [],
    stays: 'That ledger, gateway and bank differed about a payment, by its id.',
  },
  {
    table: 'membership_period',
    rows: 'select * from membership_period where patron_id = :patron',
    erase: [],
    stays: 'What was paid for and for how long, on an id without a person.',
  },
  {
    table: 'membership_cover',
    rows: 'select * from membership_cover where patron_id = :patron',
    erase: [],
    stays: 'As the periods.',
  },
];
