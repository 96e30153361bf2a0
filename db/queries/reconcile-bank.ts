/** What is compared at the bank (P9). `:library`, `:zone`, `:day` (`YYYY-MM-DD`), `:ends` (the first instant after it). Columns of a `FoundRow`. */

const dayStart = (date: string): string =>
  `extract(epoch from (${date})::timestamp at time zone :zone) * 1000`;

/** The latest statement with a balance of each account, up to the day; the opening balance of the first; gaps between consecutive ones. */
const statements = `
  latest as (
    select distinct on (account) account, closing, currency, to_on from bank_statement
    where library = :library and to_on <= :day::date and closing is not null
    order by account, to_on desc, sequence desc nulls last, page desc nulls last),
  earliest as (
    select distinct on (account) account, opening from bank_statement
    where library = :library and opening is not null order by account, from_on, sequence nulls first, page nulls first),
  ordered as (
    select id, account, joins, opening, currency, from_on, to_on,
      lag(closing) over (partition by account order by to_on, sequence nulls first, page nulls first) as before
    from bank_statement where library = :library and to_on <= :day::date and opening is not null),
  gap as (select * from ordered where joins = 'gap' and opening <> before)`;

/** What the books say of each account as of its latest statement: entries by the day the bank booked them, whenever they were booked here. */
const balances = `
  balance as (
    select latest.account, latest.currency, latest.to_on, latest.closing - earliest.opening as bank,
      (select coalesce(sum(posting.amount), 0)::bigint from posting join journal on journal.id = posting.journal_id
        left join bank_entry on bank_entry.id = journal.entry_id
        where journal.library = :library and posting.account = 'bank:' || latest.account
          and coalesce(bank_entry.booked_on, (coalesce(journal.value_at, journal.at) at time zone :zone)::date) <= latest.to_on) as ledger,
      (select coalesce(sum(amount), 0)::bigint from bank_entry
        where library = :library and account = latest.account and booked_on <= latest.to_on and journal_id is null) as unbooked,
      (select coalesce(sum(opening - before), 0)::bigint from gap where gap.account = latest.account) as gaps
    from latest join earliest using (account))`;

export const bankFindings = `
  with ${statements}, ${balances}
  select 'bank-balance' as kind, 'bank-balance:' || account as key, account as subject, 'bank:' || account as account,
    ledger + unbooked + gaps as expected, bank as found, bank - ledger - unbooked - gaps as amount, currency,
    ${dayStart('to_on + 1')} - 1 as since, jsonb_build_object('until', to_char(to_on, 'YYYY-MM-DD')) as detail
  from balance where bank <> ledger + unbooked + gaps
  union all
  select 'bank-gap', 'bank-gap:' || id, id::text, 'bank:' || account, before, opening, opening - before, currency,
    ${dayStart('from_on')}, jsonb_build_object('from', to_char(from_on, 'YYYY-MM-DD'))
  from gap
  union all
  select 'entry-waiting', 'entry:' || id, id::text, 'bank:' || account, null, amount, amount, currency,
    ${dayStart('booked_on')}, jsonb_build_object('state', state, 'day', to_char(booked_on, 'YYYY-MM-DD'))
  from bank_entry where library = :library and booked_on <= :day::date and state in ('new', 'suspended')
  union all
  select 'return-waiting', 'return:' || id, entry_id::text, 'bank:' || account, -amount, null, amount, currency,
    extract(epoch from asked_at) * 1000, '{}'::jsonb
  from bank_return where library = :library and ended_at is null and asked_at < :ends
  union all
  select 'bank-silent', 'bank-silent:' || account, account, 'bank:' || account, null, null, 0, max(currency),
    ${dayStart('max(to_on) + 1')} - 1, jsonb_build_object('until', to_char(max(to_on), 'YYYY-MM-DD'))
  from bank_statement where library = :library group by account having max(to_on) < :silentSince::date`;

/** Each account for the head of the report: what the ledger says, what the bank says, and what of it waits. */
export const bankAccounts = `
  with ${statements}, ${balances}
  select 'bank:' || account as account, currency, ledger::text as ledger, bank::text as other, unbooked::text as waiting from balance`;
