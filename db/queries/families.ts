import type { MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import type { ReaderColumns } from './desk.ts';

/** Leave to see and manage a sub card's holds and loans. */
export interface ConsentRow {
  readonly basis: 'holder' | 'staff';
  /** Epoch milliseconds. */
  readonly grantedAt: number;
  /** First day on which it no longer holds, `YYYY-MM-DD`; null: until it is taken back. */
  readonly endsOn: string | null;
}

/** A sub card as its main card's record shows it (F9). Dates are `YYYY-MM-DD`, instants epoch milliseconds. */
export interface SubCardRow extends ReaderColumns {
  readonly userGroup: string;
  readonly paidUntil: string | null;
  readonly linkedAt: number;
  readonly consent: ConsentRow | null;
}

/** A card's family: of a sub card its main card, of a main card its sub cards (F9). */
export interface FamilyRow {
  readonly main: ReaderColumns | null;
  readonly linkedAt: number | null;
  /** What the main card's holder is allowed with this sub card. */
  readonly consent: ConsentRow | null;
  readonly subs: readonly SubCardRow[];
}

const consentOf = (subId: string): string => `
  (select jsonb_build_object('basis', basis, 'grantedAt', ${epochMs('granted_at')}, 'endsOn', ends_on)
   from family_consent where sub_id = ${subId} and ended_at is null and (ends_on is null or ends_on > $3::date))`;

const family: Statement = {
  name: 'family',
  text: `select
      (select jsonb_build_object('patronId', main.id, 'card', main.card, 'name', main.name) from patron main where main.id = patron.main_id) as main,
      ${epochMs('patron.linked_at')} as "linkedAt", ${consentOf('patron.id')} as consent,
      (select coalesce(jsonb_agg(jsonb_build_object('patronId', sub.id, 'card', sub.card, 'name', sub.name, 'userGroup', sub.user_group,
         'paidUntil', sub.paid_until, 'linkedAt', ${epochMs('sub.linked_at')}, 'consent', ${consentOf('sub.id')}) order by sub.name, sub.card), '[]')
       from patron sub where sub.main_id = patron.id) as subs
    from patron where patron.library = $1 and patron.id = $2`,
};

/** The family of a card of the library; `today` is the library's day, `YYYY-MM-DD`. */
export async function familyOf(
  orm: MikroORM,
  library: string,
  patronId: string,
  today: string,
): Promise<FamilyRow | undefined> {
  return (await rowsOf<FamilyRow>(orm, family, [library, patronId, today]))[0];
}

const managed: Statement = {
  name: 'family-managed',
  text: `select from patron join family_consent consent on consent.sub_id = patron.id and consent.main_id = patron.main_id
    where patron.id = $2 and patron.main_id = $1 and consent.ended_at is null and (consent.ends_on is null or consent.ends_on > $3::date)`,
};

/** Whether the main card's holder may see and manage the sub card's holds and loans on that day. */
export async function mayManage(
  orm: MikroORM,
  mainId: string,
  subId: string,
  today: string,
): Promise<boolean> {
  return (await rowsOf(orm, managed, [mainId, subId, today])).length > 0;
}

/** Something that one card's holder did with another card of the family, or that changed between the two. */
export interface FamilyActRow extends ReaderColumns {
  readonly id: string;
  readonly kind: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: Actor;
  readonly detail: Readonly<Record<string, unknown>>;
  /** The title that was held, cancelled or renewed. */
  readonly title: string | null;
}

const acts: Statement = {
  name: 'family-acts',
  text: `select event.id, event.kind, ${epochMs('event.at')} as at, event.actor, event.detail, patron.id as "patronId", patron.card, patron.name,
      title.title
    from event join patron on patron.id = event.patron_id
    left join hold on event.subject_type = 'hold' and hold.id = event.subject_id
    left join loan on event.subject_type = 'loan' and loan.id = event.subject_id
    left join title on title.id = coalesce(hold.title_id, loan.title_id)
    where event.patron_id in (select $1::uuid union all select id from patron where main_id = $1)
      and ($2::timestamptz is null or (event.at, event.id) < ($2, $3::uuid)) and (
        event.kind in ('family-consent-given', 'family-consent-ended') and $1::text in (event.patron_id::text, event.detail ->> 'mainId')
        or event.patron_id = $1 and event.kind in ('family-linked', 'family-unlinked', 'sub-card-joined', 'sub-card-left')
        or event.actor like 'patron:%' and event.actor <> 'patron:' || event.patron_id and $1::text in (event.patron_id::text, substr(event.actor, 8)))
    order by event.at desc, event.id desc limit $4`,
};

/** What happened between the cards of a family, as one of its readers sees it, the latest first; one more than asked for tells that there is a next page. */
export function familyActs(
  orm: MikroORM,
  patronId: string,
  before: { readonly at: Date; readonly id: string } | undefined,
  limit: number,
): Promise<FamilyActRow[]> {
  return rowsOf(orm, acts, [patronId, before?.at, before?.id, limit + 1]);
}
