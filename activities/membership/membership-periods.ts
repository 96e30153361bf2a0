import { Temporal } from 'temporal-polyfill';
import { MembershipCover, MembershipPeriod, type Patron } from '../../db/entities/index.ts';
import { type LockedFamily, present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { paidUntilInFamily } from '../../domain/families.ts';
import { dayBefore, spanOf } from '../../domain/membership.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { MembershipPolicy } from '../../domain/policy-membership.ts';
import type { Actor } from '../../domain/roles.ts';
import { instant } from '../facts.ts';
import { patronSubject, record } from '../record.ts';

/** Who settles a period or takes that back, and when. */
export interface Settling {
  readonly at: Date;
  readonly actor: Actor;
}

/** A library with a fee. */
export type PolicyWithFee = LibraryPolicy & { readonly membership: MembershipPolicy };

export function hasFee(policy: LibraryPolicy): policy is PolicyWithFee {
  return policy.membership !== 'none';
}

/**
 * The fee is paid, or none is due: the main card and every sub card are paid until the period's end (F3), in the caller's transaction, all or none. A sub card that
 * has paid further ahead keeps that. The family is locked.
 */
export function settlePeriod(
  tx: Tx,
  policy: PolicyWithFee,
  period: MembershipPeriod,
  { main, subs }: Pick<LockedFamily, 'main' | 'subs'>,
  { at, actor }: Settling,
): void {
  const dueOn = Temporal.PlainDate.from(period.dueOn);
  const span = spanOf(policy.membership, dueOn, civilDay(policy, instant(at)));
  const [startsOn, until] = [span.startsOn.toString(), span.endsOn.toString()];
  const state = period.chargeId ? 'paid' : 'exempt';
  tx.assign(period, { startsOn, endsOn: until, state, settledAt: at });
  for (const patron of [main, ...subs]) {
    const before = patron.paidUntil ?? dayBefore(period.dueOn);
    if (before >= until) continue;
    patron.paidUntil = until;
    tx.create(MembershipCover, { periodId: period.id, patronId: patron.id, before, until });
    const detail = { periodId: period.id, before, until };
    record(tx, patronSubject(patron), { kind: 'membership-extended', actor, at, detail });
  }
}

/** The cards that a settled period covers. */
export async function coveredBy(tx: Tx, periodId: string): Promise<string[]> {
  const covers = await tx.find(MembershipCover, { periodId });
  return covers.map(({ patronId }) => patronId);
}

/**
 * A payment was a mistake: the period waits for payment again, and what it gave is taken back from every card, except where a card has been paid for otherwise since.
 * A sub card linked after the payment follows its main card; one that belongs to another family by now stays paid with that. The family and the covered cards are locked.
 */
export async function reopenPeriod(
  tx: Tx,
  period: MembershipPeriod,
  { main, subs, others }: LockedFamily,
  { at, actor }: Settling,
): Promise<void> {
  const covers = await tx.find(MembershipCover, { periodId: period.id });
  const before = new Map(covers.map((cover) => [cover.patronId, cover.before]));
  const until = present(period.endsOn, `the end of period ${period.id}`);
  const mainBefore = before.get(main.id) ?? dayBefore(period.dueOn);
  for (const patron of [main, ...subs, ...others.values()]) {
    if (patron.paidUntil !== until) continue;
    const own = paidUntilInFamily(
      await coveredOtherwise(tx, period, patron),
      before.get(patron.id) ?? mainBefore,
    );
    const after = paidUntilInFamily(await paidWithMain(tx, patron), own);
    patron.paidUntil = after;
    const detail = { periodId: period.id, before: until, until: after };
    record(tx, patronSubject(patron), { kind: 'membership-taken-back', actor, at, detail });
  }
  await tx.nativeDelete(MembershipCover, { periodId: period.id });
  tx.assign(period, { startsOn: null, endsOn: null, state: 'raised', settledAt: null });
}

/** Until when other periods cover a card, which may be the same day: a fee of its own, or a former main card's. Its row is locked. */
async function coveredOtherwise(tx: Tx, period: MembershipPeriod, { id }: Patron): Promise<string | null> {
  const [row] = await tx.execute<{ until: string | null }[]>(
    'select max(until)::text as until from membership_cover where patron_id = ? and period_id <> ?',
    [id, period.id],
  );
  return row?.until ?? null;
}

/**
 * Until when the main card of a card is paid; null for a main or single card. The card's lock is enough: whoever pays for its family, or changes what belongs to
 * it, takes that too.
 */
async function paidWithMain(tx: Tx, { mainId }: Patron): Promise<string | null> {
  if (!mainId) return null;
  await tx.flush();
  const [main] = await tx.execute<{ until: string | null }[]>(
    'select paid_until::text as until from patron where id = ?',
    [mainId],
  );
  return main?.until ?? null;
}

/** The period of a charge for the usage fee. */
export function periodOf(tx: Tx, chargeId: string): Promise<MembershipPeriod> {
  return tx.findOneOrFail(MembershipPeriod, { chargeId }, { refresh: true });
}

/** Whether a later period has been raised for the same card. */
export async function isFollowed(tx: Tx, { patronId, dueOn }: MembershipPeriod): Promise<boolean> {
  const later = { patronId, dueOn: { $gt: dueOn }, state: { $ne: 'dropped' } } as const;
  return (await tx.count(MembershipPeriod, later)) > 0;
}
