/** Whether nothing is known here of what a settlement line says went back: not asked for here, or only found there and then decided on by staff. `:library`. */
export const unknownRefund = (line: string): string => `
  not exists (select from gateway_refund refund where refund.library = :library and refund.provider = ${line}.provider and refund.ref = ${line}.provider_ref
    and not exists (select from gateway_return where refund_id = refund.id))
  and not exists (select from difference where library = :library and kind = 'gateway-unknown' and detail ->> 'refund' = ${line}.provider_ref)`;

/** What settlement files say against the books (P9). `:library`, `:zone`, `:ends`, `:settledUntil`, `:paidOutUntil`. */
export const settlementFindings = `
  with line as (select * from settlement_line where library = :library and occurred_at < :ends),
  given_back as (
    select provider, provider_ref, currency, min(kind) as kind, extract(epoch from min(occurred_at)) * 1000 as at,
      sum(gross)::bigint - coalesce((select sum(amount) from gateway_return
        where library = :library and provider = line.provider and ref = line.provider_ref), 0)::bigint as open
    from line where kind in ('refund', 'dispute') and provider_ref is not null and ${unknownRefund('line')}
    group by provider, provider_ref, currency),
  began as (select provider, min(occurred_at) as at from line where kind = 'payment' group by provider),
  payout as (select *, row_number() over (partition by provider, net order by occurred_at, key) as n from line where kind = 'payout'),
  arrived as (
    select substr(posting.account, 9) as provider, posting.amount,
      row_number() over (partition by posting.account, posting.amount order by journal.at, journal.id) as n
    from journal join posting on posting.journal_id = journal.id
    where journal.library = :library and journal.entry_id is not null and posting.account like 'gateway:%')
  select 'gateway-unknown' as kind, 'gateway-unknown:' || line.provider || ':' || line.provider_ref as key, line.provider_ref as subject,
    'gateway:' || line.provider as account, null::bigint as expected, line.gross as found, line.gross as amount, line.currency,
    extract(epoch from line.occurred_at) * 1000 as since, '{}'::jsonb as detail
  from line where kind = 'payment' and not exists (
    select from gateway_capture where library = :library and provider = line.provider and ref = line.provider_ref)
  union all
  select 'settlement-amount', 'settlement:' || line.provider || ':' || line.key, capture.payment_id::text, 'gateway:' || line.provider,
    capture.amount, line.gross, line.gross - capture.amount, line.currency, extract(epoch from line.occurred_at) * 1000,
    jsonb_build_object('ref', line.provider_ref)
  from line join gateway_capture capture on capture.library = :library and capture.provider = line.provider and capture.ref = line.provider_ref
  where line.kind = 'payment' and (line.gross <> capture.amount or line.currency <> capture.currency)
  union all
  select 'gateway-refund', 'gateway-refund:' || provider || ':' || provider_ref, provider_ref, 'gateway:' || provider,
    null, open, open, currency, at, jsonb_build_object('as', kind)
  from given_back where open <> 0
  union all
  select 'settlement-late', 'settlement-late:' || capture.provider || ':' || capture.ref, capture.payment_id::text, 'gateway:' || capture.provider,
    capture.amount, null, -capture.amount, capture.currency, extract(epoch from capture.taken_at) * 1000, jsonb_build_object('ref', capture.ref)
  from gateway_capture capture join began using (provider)
  where capture.library = :library and capture.taken_at >= began.at and capture.taken_at < :settledUntil and not exists (
    select from settlement_line where library = :library and provider = capture.provider and provider_ref = capture.ref and kind = 'payment')
  union all
  select 'payout-late', 'payout:' || payout.provider || ':' || payout.key, payout.key, 'gateway:' || payout.provider, -payout.net, null, payout.net,
    payout.currency, extract(epoch from payout.occurred_at) * 1000, jsonb_build_object('payout', payout.payout)
  from payout where payout.occurred_at < :paidOutUntil and not exists (
    select from arrived where arrived.provider = payout.provider and arrived.amount = payout.net and arrived.n = payout.n)`;

/** Of money a gateway names, what is known here: `:library`, `:provider`, `:refs`. */
export const knownCaptures = `
  select ref, payment_id as "paymentId", amount::text as amount, currency, journal_id is not null as booked from gateway_capture
  where library = :library and provider = :provider and ref = any(:refs::text[])`;

/**
 * Of money a gateway says it gave back, what is known here: asked for by us, by its id or by ours, or decided on by staff and for how much. `:library`, `:provider`,
 * `:refs`, `:ids`.
 */
export const knownRefunds = `
  select ref, id::text as "refundId", null as decided from gateway_refund refund
  where library = :library and provider = :provider and (ref = any(:refs::text[]) or id::text = any(:ids::text[]))
    and not exists (select from gateway_return where refund_id = refund.id)
  union all
  select detail ->> 'refund', detail ->> 'refundId', null from difference
  where library = :library and kind = 'gateway-unknown' and (detail ->> 'refund' = any(:refs::text[]) or detail ->> 'refundId' = any(:ids::text[]))
  union all
  select ref, null, sum(amount)::text from gateway_return
  where library = :library and provider = :provider and ref = any(:refs::text[]) group by ref`;

/** Money that another library's payments were made with and none of ours. Each library names its way as it likes. `:library`, `:provider`, `:refs`. */
export const capturedElsewhere = `
  select ref from gateway_capture capture where ref = any(:refs::text[]) and library <> :library
    and not exists (select from gateway_capture where library = :library and provider = :provider and ref = capture.ref)`;

/** Payments of the library at the gateway, by id: `:library`, `:provider`, `:ids`. */
export const ownPayments = `
  select id, patron_id as "patronId", state from payment where library = :library and provider = :provider and id = any(:ids::uuid[])`;

/** Money booked as taken in a period, whether or not the gateway names it: `:library`, `:provider`, `:from`, `:ends`. */
export const bookedCaptures = `
  select ref, payment_id as "paymentId", amount::text as amount, currency, (extract(epoch from taken_at) * 1000)::float8 as at from gateway_capture
  where library = :library and provider = :provider and taken_at >= :from and taken_at < :ends`;
