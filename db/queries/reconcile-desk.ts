/** What the terminals took a day by the books, and what was entered as their totals: takings of days with either. */
const cardTakings = `
  booked as (
    select substr(posting.account, 6) as branch, (coalesce(journal.value_at, journal.at) at time zone :zone)::date as day, posting.currency,
      sum(posting.amount)::bigint as amount
    from journal join posting on posting.journal_id = journal.id
    where journal.library = :library and coalesce(journal.value_at, journal.at) >= :cardsFrom and journal.at < :ends
      and posting.account like 'card:%' and journal.payment_id is not null
    group by 1, 2, 3),
  entered as (
    select branch, day, currency, amount from terminal_total
    where library = :library and day >= (:cardsFrom::timestamptz at time zone :zone)::date and day <= :day::date),
  taking as (
    select branch, day, coalesce(booked.currency, entered.currency) as currency, coalesce(booked.amount, 0) as taken, entered.amount as total,
      'card-total:' || branch || ':' || day as key
    from booked full join entered using (branch, day))`;

/** What is compared at desk and finance department (P9). `:library`, `:zone`, `:day`, `:ends`, and the first instants that are looked at. */
export const deskFindings = `
  with ${cardTakings},
  outstanding as (
    select posting.account, posting.currency,
      sum(case when posting.amount < 0 or journal.at < :transfersUntil then posting.amount else 0 end)::bigint as late
    from journal join posting on posting.journal_id = journal.id
    where journal.library = :library and journal.at < :ends and posting.account like 'transfer:%'
    group by posting.account, posting.currency),
  carried as (
    select posting.account, posting.currency,
      sum(case when posting.amount < 0 or journal.at < :carriedUntil then posting.amount else 0 end)::bigint as late_there,
      sum(case when posting.amount > 0 or journal.at < :carriedUntil then posting.amount else 0 end)::bigint as late_here
    from journal join posting on posting.journal_id = journal.id
    where journal.library = :library and journal.at < :ends and posting.account like 'transit:%'
    group by posting.account, posting.currency),
  slip as (
    select journal.payment_id, posting.account, posting.currency, sum(posting.amount)::bigint as open, min(journal.at) as at
    from journal join posting on posting.journal_id = journal.id
    where journal.library = :library and journal.at < :ends and posting.account like 'slips:%'
    group by 1, 2, 3 having sum(posting.amount) > 0 and min(journal.at) < :slipsUntil),
  on_its_way as (
    select account, currency, case when late_there > 0 then late_there else late_here end as late from carried where late_there > 0 or late_here < 0),
  counted as (
    select entry.id, entry.currency, entry.amount as found, journal.account, journal.at, journal.amount as lost from (
      select entry_id, posting.account, min(journal.at) as at, sum(posting.amount)::bigint as amount
      from journal join posting on posting.journal_id = journal.id
      where journal.library = :library and journal.at >= :openFrom and journal.at < :ends and posting.account like 'difference:%'
        and journal.entry_id is not null
      group by entry_id, posting.account having sum(posting.amount) <> 0) journal
    join bank_entry entry on entry.id = journal.entry_id)
  select 'drawer-difference' as kind, 'drawer:' || id as key, id::text as subject, 'cash:' || branch as account,
    closing_booked as expected, closing_count as found, closing_count - closing_booked as amount, currency,
    extract(epoch from closed_at) * 1000 as since, '{}'::jsonb as detail
  from drawer_session where library = :library and closed_at >= :openFrom and closed_at < :ends and closing_count <> closing_booked
    and not exists (select from difference where library = :library and key = 'drawer:' || drawer_session.id and acknowledged_at is not null)
  union all
  select 'drawer-open', 'drawer-open:' || id, id::text, 'cash:' || branch, null, null, 0, currency, extract(epoch from opened_at) * 1000, '{}'::jsonb
  from drawer_session where library = :library and opened_at < :ends and closed_at is null
  union all
  select 'card-total', key, branch, 'card:' || branch, taken, total, coalesce(total, 0) - taken, currency,
    extract(epoch from (day + 1)::timestamp at time zone :zone) * 1000 - 1, jsonb_build_object('day', to_char(day, 'YYYY-MM-DD'))
  from taking where total is distinct from taken and (taken <> 0 or total <> 0) and not exists (
    select from difference where library = :library and key = taking.key and acknowledged_at is not null and amount = coalesce(total, 0) - taken)
  union all
  select 'transfer-late', account, account, account, late, null, -late, currency, extract(epoch from :transfersUntil::timestamptz) * 1000, '{}'::jsonb
  from outstanding where late > 0
  union all
  select 'slip-late', 'slip:' || payment_id, payment_id::text, account, open, null, -open, currency, extract(epoch from at) * 1000, '{}'::jsonb
  from slip
  union all
  select 'cash-late', account, account, account, late, null, -late, currency, extract(epoch from :carriedUntil::timestamptz) * 1000, '{}'::jsonb
  from on_its_way
  union all
  select 'cash-differs', 'cash:' || id || ':' || account, id::text, account, found + lost, found, -lost, currency, extract(epoch from at) * 1000, '{}'::jsonb
  from counted where not exists (
    select from difference where library = :library and key = 'cash:' || counted.id || ':' || account and acknowledged_at is not null)`;
