import { chargeBreaks } from './charge-breaks.ts';
import { entryBreaks } from './entry-breaks.ts';
import { bankBreaks } from './bank-breaks.ts';
import { deskBreaks } from './desk-breaks.ts';
import { illDeliveryBreaks } from './ill-delivery-breaks.ts';
import { illHoldingBreaks } from './ill-holding-breaks.ts';
import { illIntakeBreaks } from './ill-intake-breaks.ts';
import { illMoneyBreaks } from './ill-money-breaks.ts';
import { illRequestBreaks } from './ill-request-breaks.ts';
import { documentBreaks } from './document-breaks.ts';
import { erasureBreaks } from './erasure-breaks.ts';
import { familyBreaks } from './family-breaks.ts';
import { mailBreaks } from './mail-breaks.ts';
import { gatewayBreaks } from './gateway-breaks.ts';
import { membershipBreaks } from './membership-breaks.ts';
import { reconciliationBreaks } from './reconciliation-breaks.ts';
import { registrationBreaks } from './registration-breaks.ts';
import { after, begin, type Story } from './story.ts';
import { exchangeBreaks } from './exchange-breaks.ts';
import { supplyBreaks } from './supply-breaks.ts';
import { transferBreaks } from './transfer-breaks.ts';

/** What makes a sound database break one invariant and no other, in SQL, constraints set aside where they would prevent it. */
export interface Break {
  readonly name: string;
  readonly sql: (story: Story) => string;
}

const time = (ms: number): string => `'${new Date(ms).toISOString()}'::timestamptz`;
const day = 24 * 60 * 60_000;

const event = (type: 'hold' | 'loan', id: string, kind: string, detail: object = {}, at = after): string => `
  insert into event (id, library, subject_type, subject_id, patron_id, kind, actor, at, detail)
  select gen_random_uuid(), library, '${type}', id, patron_id, '${kind}', 'system', ${time(at)}, '${JSON.stringify(detail)}' from ${type} where id = '${id}';`;

/** A copy of the rows that fit, with new ids and whatever else is given. */
const copy = (table: string, where: string, changes = `'{}'`): string => `
  insert into ${table} select (jsonb_populate_record(${table}, jsonb_build_object('id', gen_random_uuid()) || ${changes})).* from ${table} where ${where};`;

const itemOf = (process: 'hold' | 'loan', id: string): string =>
  `(select item_id from ${process} where id = '${id}')`;

const renewed = (loanId: string, before: number, renewedTo: number, at = begin): string =>
  event('loan', loanId, 'renewed', { before: new Date(before), after: new Date(renewedTo) }, at);

const itemBreaks: readonly Break[] = [
  {
    name: 'item-in-one-place',
    sql: ({ openLoan }) => `
      drop index loan_open_item;
      ${copy('loan', `id = '${openLoan}'`, `'{"id": "00000000-0000-7000-8000-00000000000a", "hold_id": null}'`)}
      ${event('loan', '00000000-0000-7000-8000-00000000000a', 'checked-out')}`,
  },
  {
    name: 'item-agrees-with-loan',
    sql: ({ openLoan }) => `update item set state = 'available' where id = ${itemOf('loan', openLoan)}`,
  },
  {
    name: 'item-agrees-with-hold',
    sql: ({ kept, waiting }) => `update item set hold_id = '${waiting}' where id = ${itemOf('hold', kept)}`,
  },
  {
    name: 'one-library',
    sql: ({ openLoan }) => `update loan set library = 'zju' where id = '${openLoan}'`,
  },
  {
    name: 'closed-card-is-empty',
    sql: ({ openLoan }) => `
      update patron set closed_at = now() where id = (select patron_id from loan where id = '${openLoan}')`,
  },
];

const queueBreaks: readonly Break[] = [
  {
    name: 'first-come-first-served',
    sql: () => `
      alter table event disable trigger event_append_only;
      delete from event where kind = 'hold-passed-over';
      alter table event enable trigger event_append_only;`,
  },
  {
    name: 'no-renewal-over-a-hold',
    sql: ({ openLoan }) => `
      update loan set renewals = 1 where id = '${openLoan}';
      ${renewed(openLoan, begin + 1_000, begin + 2_000)}`,
  },
  {
    name: 'one-hold-a-title',
    sql: ({ served, blocked }) => `
      drop index hold_once_open;
      update hold set patron_id = (select patron_id from hold where id = '${blocked}') where id = '${served}';`,
  },
  {
    name: 'hold-limit',
    sql: ({ waiting, toPhone, toMail, kept }) => `
      update hold set patron_id = (select patron_id from hold where id = '${waiting}')
      where id in ('${toPhone}', '${toMail}', '${kept}')`,
  },
];

const pickupBreaks: readonly Break[] = [
  {
    name: 'window-ends-in-time',
    sql: ({ kept }) => `
      update hold set contacted_at = ${time(begin - 2 * day)}, keep_until = ${time(begin - day)} where id = '${kept}'`,
  },
  {
    name: 'no-early-lapse',
    sql: ({ lapsed }) => `update hold set ended_at = keep_until - interval '1 second' where id = '${lapsed}'`,
  },
  {
    name: 'window-follows-contact',
    sql: ({ kept }) => `update hold set contacted_at = keep_until where id = '${kept}'`,
  },
  {
    name: 'contact-on-record',
    sql: ({ toPhone }) => `
      update hold set contacted_at = ${time(after)}, keep_until = ${time(after + day)} where id = '${toPhone}';
      update task set resolved_at = ${time(after)}, outcome = 'dropped' where subject_id = '${toPhone}';`,
  },
  {
    name: 'contact-under-way',
    sql: ({ toMail }) => `
      update notice set state = 'withdrawn', settled_at = now() where subject_id = '${toMail}' and kind = 'secured'`,
  },
  {
    name: 'no-needless-call',
    sql: ({ waiting, toPhone }) =>
      copy('task', `subject_id = '${toPhone}'`, `'{"subject_id": "${waiting}"}'`),
  },
];

const storyBreaks: readonly Break[] = [
  { name: 'begun-once', sql: ({ openLoan }) => event('loan', openLoan, 'checked-out') },
  { name: 'ended-once', sql: ({ openLoan }) => event('loan', openLoan, 'returned') },
  { name: 'ended-stays-ended', sql: ({ cancelled }) => event('hold', cancelled, 'hold-changed') },
  {
    name: 'collected-became-a-loan',
    sql: ({ collected }) => `update loan set hold_id = null where hold_id = '${collected}'`,
  },
  {
    name: 'answers-came-true',
    sql: ({ renewedLoan }) =>
      `update operation set result = '{"dueAt": 1}' where key like 'loan:${renewedLoan}/%'`,
  },
  { name: 'books-append-only', sql: () => 'alter table posting disable trigger posting_append_only' },
];

const noticeBreaks: readonly Break[] = [
  {
    name: 'one-notice-a-cause',
    sql: ({ cancelled }) => `
      alter table notice drop constraint notice_kind_subject_id_cause_key;
      ${copy('notice', `subject_id = '${cancelled}' and kind = 'cancelled'`)}`,
  },
  {
    name: 'every-cause-told',
    sql: ({ kept }) => `delete from notice where subject_id = '${kept}' and kind = 'secured'`,
  },
  {
    name: 'notice-settled',
    sql: () =>
      `update notice set recipient = null where id = (select id from notice where state = 'sent' limit 1)`,
  },
  {
    name: 'no-stale-notice',
    sql: ({ cancelled }) => `
      update notice set state = 'queued', settled_at = null where subject_id = '${cancelled}' and kind = 'placed'`,
  },
  {
    name: 'notice-not-forgotten',
    sql: ({ blocked }) => `
      update notice set created_at = ${time(begin - day)} where subject_id = '${blocked}' and kind = 'passed-over'`,
  },
  {
    name: 'overdue-noticed',
    sql: ({ openLoan }) => `
      ${copy('item', `id = ${itemOf('loan', openLoan)}`, `'{"id": "00000000-0000-7000-8000-00000000000b", "barcode": "b"}'`)}
      ${copy(
        'loan',
        `id = '${openLoan}'`,
        `jsonb_build_object('id', '00000000-0000-7000-8000-00000000000a', 'hold_id', null,
          'item_id', '00000000-0000-7000-8000-00000000000b', 'due_at', ${time(begin - day)})`,
      )}
      ${event('loan', '00000000-0000-7000-8000-00000000000a', 'checked-out')}`,
  },
];

const loanBreaks: readonly Break[] = [
  {
    name: 'renewal-limit',
    sql: ({ overdueLoan }) => `
      update loan set renewals = 2 where id = '${overdueLoan}';
      ${renewed(overdueLoan, begin + 1_000, begin + 2_000)}
      ${renewed(overdueLoan, begin + 2_000, begin + 3_000)}`,
  },
  {
    name: 'renewals-on-record',
    sql: ({ overdueLoan }) => `update loan set renewals = 1 where id = '${overdueLoan}'`,
  },
  {
    name: 'due-date-never-back',
    sql: ({ openLoan }) => `update loan set due_at = due_at - interval '1 second' where id = '${openLoan}'`,
  },
  {
    name: 'no-renewal-when-overdue',
    sql: ({ overdueLoan }) => `
      update loan set renewals = 1 where id = '${overdueLoan}';
      ${renewed(overdueLoan, begin + 1_000, begin + 2_000, begin + 1_001)}`,
  },
];

const paidWrongly = '00000000-0000-7000-8000-00000000000c';

const ofFirstOverdue = `(select journal_id from charge where cause = 'overdue' order by raised_at, id limit 1)`;

const ledgerBreaks: readonly Break[] = [
  {
    name: 'journal-balances',
    sql: () =>
      copy(
        'posting',
        `amount > 0 and journal_id in (select id from journal where kind like 'charge-%')`,
        `'{"account": "income:overdue", "amount": 1}'`,
      ),
  },
  {
    name: 'charge-remaining',
    sql: ({ membership: { owing } }) => `
      alter table charge drop constraint charge_check;
      insert into journal (id, library, operation, kind, patron_id, at, actor)
      select '${paidWrongly}', library, 'again', 'payment-cash', patron_id, raised_at, 'system' from charge where id = '${owing}';
      insert into posting (id, journal_id, account, amount, currency)
      select gen_random_uuid(), '${paidWrongly}', line.account, line.amount, currency from charge,
        lateral (values ('receivable:' || patron_id, 1001), ('cash:zentrale', -1001)) line (account, amount) where id = '${owing}';
      insert into allocation (journal_id, charge_id, amount) values ('${paidWrongly}', '${owing}', -1001);
      update charge set remaining = amount + 1 where id = '${owing}';`,
  },
  {
    name: 'charge-is-booked',
    sql: ({ membership: { owing } }) => `
      alter table journal disable trigger journal_append_only;
      update journal set kind = 'charge-something' where id = (select journal_id from charge where id = '${owing}');
      alter table journal enable trigger journal_append_only;`,
  },
  {
    name: 'charged-once',
    sql: () => `
      alter table charge drop constraint charge_cause_subject_id_key;
      ${copy('journal', `id = ${ofFirstOverdue}`, `'{"id": "${paidWrongly}", "operation": "again"}'`)}
      ${copy('posting', `journal_id = ${ofFirstOverdue}`, `'{"journal_id": "${paidWrongly}"}'`)}
      ${copy('charge', `journal_id = ${ofFirstOverdue}`, `'{"journal_id": "${paidWrongly}"}'`)}`,
  },
];

const privacyBreaks: readonly Break[] = [
  {
    name: 'no-personal-data-in-events',
    sql: ({ waiting }) => `
      insert into event (id, library, subject_type, subject_id, patron_id, kind, actor, at, detail)
      select gen_random_uuid(), hold.library, 'hold', hold.id, patron.id, 'hold-changed', 'system', ${time(after)},
        jsonb_build_object('reasons', jsonb_build_array(jsonb_build_object('who', 'for ' || patron.name)))
      from hold join patron on patron.id = patron_id where hold.id = '${waiting}'`,
  },
  {
    name: 'no-personal-data-in-answers',
    sql: ({ waiting }) => `
      insert into operation (key, result, at)
      select 'hold:' || hold.id || '/1', jsonb_build_object('phone', phone), ${time(after)}
      from hold join patron on patron.id = patron_id where hold.id = '${waiting}'`,
  },
];

export const breaks: readonly Break[] = [
  ...itemBreaks,
  ...queueBreaks,
  ...pickupBreaks,
  ...storyBreaks,
  ...noticeBreaks,
  ...loanBreaks,
  ...ledgerBreaks,
  ...chargeBreaks,
  ...bankBreaks,
  ...entryBreaks,
  ...deskBreaks,
  ...illHoldingBreaks,
  ...illIntakeBreaks,
  ...illMoneyBreaks,
  ...illRequestBreaks,
  ...supplyBreaks,
  ...exchangeBreaks,
  ...illDeliveryBreaks,
  ...documentBreaks,
  ...privacyBreaks,
  ...erasureBreaks,
  ...registrationBreaks,
  ...familyBreaks,
  ...mailBreaks,
  ...membershipBreaks,
  ...gatewayBreaks,
  ...transferBreaks,
  ...reconciliationBreaks,
];
