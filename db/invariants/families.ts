import { grace, type Invariant } from './invariant.ts';

/** Family cards (F1–F11). */
export const familyInvariants: readonly Invariant[] = [
  {
    name: 'family-one-level',
    meaning: 'A sub card’s main card is an open card of the same library and no sub card itself (F11).',
    sql: `
      select 'patron:' || sub.id as id from patron sub join patron main on main.id = sub.main_id
      where main.id = sub.id or main.main_id is not null or main.library <> sub.library or main.closed_at is not null
        or sub.closed_at is not null`,
  },
  {
    name: 'family-on-record',
    meaning: 'Who is linked to whom is what the stories of both cards tell (F1, F8).',
    sql: `
      with told as (
        select distinct on (subject_id) subject_id as sub_id, case when kind = 'family-linked' then detail ->> 'mainId' end as main_id
        from event where kind in ('family-linked', 'family-unlinked') order by subject_id, seq desc
      ), heard as (
        select (detail ->> 'subId')::uuid as sub_id, subject_id as main_id,
          count(*) filter (where kind = 'sub-card-joined') - count(*) filter (where kind = 'sub-card-left') as linked
        from event where kind in ('sub-card-joined', 'sub-card-left') group by 1, 2
      )
      select 'patron:' || patron.id as id from patron left join told on told.sub_id = patron.id
      where patron.main_id::text is distinct from told.main_id and patron.erased_at is null
      union
      select 'patron:' || sub_id from heard join patron on patron.id = sub_id
      where patron.erased_at is null and linked <> (case when patron.main_id = heard.main_id then 1 else 0 end)`,
  },
  {
    name: 'sub-card-owes-no-fee',
    meaning: 'No usage fee is open on a sub card (F2, F5).',
    sql: `
      select 'patron:' || patron.id as id from patron join charge on charge.patron_id = patron.id
      where patron.main_id is not null and charge.cause = 'membership' and charge.remaining > 0`,
  },
  {
    name: 'sub-card-paid-with-main',
    meaning: 'A sub card is paid at least until its main card is (F3, F5).',
    sql: `
      select 'patron:' || sub.id as id from patron sub join patron main on main.id = sub.main_id
      where sub.paid_until < main.paid_until or (sub.paid_until is null) and (main.paid_until is not null)`,
  },
  {
    name: 'consent-within-family',
    meaning: 'Only the holder of a sub card’s own main card may manage its holds and loans.',
    sql: `
      select 'patron:' || sub.id as id from family_consent consent join patron sub on sub.id = consent.sub_id
      where consent.ended_at is null and sub.main_id is distinct from consent.main_id`,
  },
  {
    name: 'acted-with-consent',
    meaning: 'Nobody did anything with another reader’s holds or loans without consent.',
    sql: `
      select distinct event.subject_type || ':' || event.subject_id as id from event
      where event.subject_type in ('hold', 'loan') and event.actor like 'patron:%' and event.actor <> 'patron:' || event.patron_id
        and not exists (
          select from patron where id in (event.patron_id, substr(event.actor, 8)::uuid) and erased_at is not null)
        and not exists (
          select from family_consent consent
          where consent.sub_id = event.patron_id and 'patron:' || consent.main_id = event.actor
            and consent.granted_at <= event.at + ${grace} and (consent.ended_at is null or consent.ended_at >= event.at - ${grace}))`,
  },
];
