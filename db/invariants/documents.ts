import { type Invariant, policies } from './invariant.ts';

const settling = `journal.kind like 'payment-%' and journal.payment_id is not null`;

/** Receipts and invoices (P3, P6). */
export const documentInvariants: readonly Invariant[] = [
  {
    name: 'documents-without-gaps',
    meaning: 'The numbers of each library, kind and year run from 1 to the counter, none left out (P6).',
    sql: `
      select library || ' ' || kind || ' ' || year as id from money_document full join document_counter using (library, kind, year)
      group by library, kind, year, last
      having count(number) is distinct from last or max(number) is distinct from last or count(*) <> count(number)`,
  },
  {
    name: 'settlement-has-receipt',
    meaning:
      'Every booking of a payment has its receipt or settlement slip, every one that takes it back its cancellation, each of the booking’s amount; those from before there were receipts are listed.',
    sql: `
      select 'journal:' || journal.id as id from journal left join money_document document on document.journal_id = journal.id
      where (${settling} or journal.kind = 'reversal-payment')
        and not exists (select from journal_without_receipt where journal_id = journal.id)
        and (document.id is null or (document.kind = 'cancellation') <> (journal.kind = 'reversal-payment')
          or document.payment_id is distinct from journal.payment_id
          or document.amount <> (select -sum(amount) from posting where journal_id = coalesce(journal.reverses, journal.id) and amount < 0))
      union all
      select 'document:' || document.id from money_document document join journal on journal.id = document.journal_id
      where not (${settling} or journal.kind = 'reversal-payment' or journal.kind in ('payout-cash', 'deposit-taken', 'deposit-returned'))`,
  },
  {
    name: 'handed-has-receipt',
    meaning:
      'Balance that was paid out, and each deposit taken or given back, has its receipt of the amount, and such receipts are of nothing else (P6).',
    sql: `
      select 'journal:' || journal.id as id from journal left join money_document document on document.journal_id = journal.id
      where journal.kind in ('payout-cash', 'deposit-taken', 'deposit-returned') and not exists (select from journal_without_receipt where journal_id = journal.id)
        and (document.kind is distinct from case journal.kind when 'payout-cash' then 'payout' when 'deposit-taken' then 'deposit' else 'deposit-return' end
          or document.patron_id is distinct from journal.patron_id
          or document.amount <> (select -sum(amount) from posting where journal_id = journal.id and amount < 0))`,
  },
  {
    name: 'document-adds-up',
    meaning: 'What stands on a document is its lines, and they are its amount.',
    sql: `
      select 'document:' || id as id from money_document
      where amount <> (select coalesce(sum((line ->> 'amountMinor')::bigint), 0) from jsonb_array_elements(content -> 'lines') line)`,
  },
  {
    name: 'invoice-for-delivery-only',
    meaning:
      'An invoice is for what its payment has settled of charges that the library invoices, no more and no less, and nothing of it was taken back (P6).',
    sql: `
      select 'document:' || document.id as id from money_document document join ${policies} on policy.library = document.library
      left join invoice_line line on line.document_id = document.id
      left join allocation on allocation.journal_id = line.journal_id and allocation.charge_id = line.charge_id
      left join journal on journal.id = line.journal_id left join charge on charge.id = line.charge_id
      where document.kind = 'invoice' group by document.id
      having document.amount is distinct from sum(allocation.amount)
        or bool_or(journal.payment_id is distinct from document.payment_id or not jsonb_exists(invoice_causes, charge.cause)
          or exists (select from journal later where later.reverses = journal.id))`,
  },
];
