import type { Invariant } from './invariant.ts';

/** The usage fee: its periods, their charges, and the dates they give (F2, F3, F5). */
export const membershipInvariants: readonly Invariant[] = [
  {
    name: 'period-agrees-with-charge',
    meaning:
      'Every usage fee has one period, on the same card, and each period at most one: open while something of it is to be paid, paid when nothing is, dropped with it (F2, F5).',
    sql: `
      select 'period:' || period.id as id from membership_period period left join charge on charge.id = period.charge_id
      where period.state <> case
          when charge.id is null then 'exempt' when charge.dropped_at is not null then 'dropped' when charge.remaining = 0 then 'paid' else 'raised' end
        or (charge.cause, charge.patron_id, charge.subject_id) <> ('membership', period.patron_id, period.id)
      union all
      select 'charge:' || charge.id from charge
      where cause = 'membership' and 1 <> (select count(*) from membership_period where charge_id = charge.id)`,
  },
  {
    name: 'period-covers-its-card',
    meaning:
      'A settled period covers its own card, and every card it covers until its last day; one that waits or was dropped covers none (F3).',
    sql: `
      select 'period:' || period.id as id from membership_period period
      where state in ('paid', 'exempt')
        and not exists (select from membership_cover where period_id = period.id and patron_id = period.patron_id)
      union
      select 'period:' || period.id from membership_period period join membership_cover cover on cover.period_id = period.id
      where cover.until is distinct from period.ends_on`,
  },
  {
    name: 'paid-until-is-covered',
    meaning: 'A card is paid at least until the last day of every period that covers it (F3).',
    sql: `
      select distinct 'patron:' || patron.id as id from membership_cover cover join patron on patron.id = cover.patron_id
      where patron.erased_at is null and (patron.paid_until is null or patron.paid_until < cover.until)`,
  },
  {
    name: 'paid-until-on-record',
    meaning:
      'A card whose fee was settled or taken back is paid until the day its story last tells (F3, F5).',
    sql: `
      with told as (
        select distinct on (subject_id) subject_id, kind, coalesce(detail -> 'after' ->> 'paidUntil', detail ->> 'until')::date as until
        from event where kind in ('membership-extended', 'membership-taken-back', 'family-linked') order by subject_id, seq desc
      )
      select 'patron:' || patron.id as id from told join patron on patron.id = told.subject_id
      where patron.erased_at is null and told.kind <> 'family-linked' and patron.paid_until is distinct from told.until`,
  },
];
