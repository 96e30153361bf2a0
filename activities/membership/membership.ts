import { v7 as uuid } from 'uuid';
import { Charge, MembershipPeriod, Notice, Patron } from '../../db/entities/index.ts';
import { lockFamily, type LockedFamily, present } from '../../db/locks.ts';
import { inTransaction, once, reader, type Step, type Tx } from '../../db/transaction.ts';
import { dayBefore, feeOf } from '../../domain/membership.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import { debitCharges, debitsByItself } from '../payments/debits.ts';
import type { ActivityDeps } from '../deps.ts';
import { book } from '../ledger.ts';
import { hasFee, type PolicyWithFee, settlePeriod, type Settling } from './membership-periods.ts';
import {
  type FeeFacts,
  feeFacts,
  membershipStanding,
  reachedStep,
  withoutFee,
} from './membership-standing.ts';
import { raiseCharge } from '../charges/money.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { patronSubject, record } from '../record.ts';

export interface LookAtMembership {
  readonly patronId: string;
  readonly now: number;
}

export interface RaiseMembershipFee extends Step {
  readonly patronId: string;
  readonly actor: Actor;
}

export interface RaisedFee {
  /** What is to be paid; null where the user group pays nothing and the card has been extended. */
  readonly chargeId: string | null;
  /** `YYYY-MM-DD`. */
  readonly paidUntil: string;
}

/** The activity of a membership's workflow. */
export function createMembershipActivities(deps: ActivityDeps) {
  return { lookAtMembership: (look: LookAtMembership) => lookAtMembership(deps, look) };
}

/** The cashier raises a fee that the clock has not raised: for a reader who comes back after years, or on the day the card is opened. */
export function createMembershipCommands(deps: ActivityDeps) {
  return { raiseMembershipFee: (step: RaiseMembershipFee) => raiseByHand(deps, step) };
}

/**
 * Reads where a card's usage fee stands; raises it when its time has come, and queues the reminder whose time has come (F12). Each is done once, whatever restarts or
 * runs twice. Of several reminders missed during an outage only the latest is written.
 */
async function lookAtMembership(deps: ActivityDeps, { patronId, now }: LookAtMembership): Promise<Standing> {
  const tx = reader(deps.orm);
  const patron = present(await tx.findOne(Patron, { id: patronId }), `card ${patronId}`);
  const policy = deps.policies.get(patron.library);
  if (!hasFee(policy)) return { state: 'no-fee', deliver: [], ended: true, asOf: now };
  const facts = await feeFacts(tx, policy, patron, now);
  const due = !withoutFee(patron) && (await isDue(tx, patron, facts, now));
  return due ? act(deps, policy, patronId, now) : membershipStanding(deps, tx, policy, patron, now);
}

async function isDue(tx: Tx, { id }: Patron, facts: FeeFacts, now: number): Promise<boolean> {
  const step = reachedStep(facts, now);
  if (!step) return false;
  if (!facts.open) return !facts.dormant;
  const cause = causeOf(facts.open, step.step);
  return (await tx.count(Notice, { kind: 'membership-due', subjectId: id, cause })) === 0;
}

const causeOf = (period: MembershipPeriod, step: number): string => `${period.id}:${step}`;

/** Under the family's locks nobody pays, joins or leaves meanwhile. */
function act(deps: ActivityDeps, policy: PolicyWithFee, patronId: string, now: number): Promise<Standing> {
  return inTransaction(deps.orm, async (tx) => {
    const family = present(await lockFamily(tx, patronId), `card ${patronId}`);
    const facts = await feeFacts(tx, policy, family.main, now);
    if (!withoutFee(family.main) && (await isDue(tx, family.main, facts, now))) {
      const at = new Date(now);
      const period = facts.open ?? (await raise(tx, policy, family, facts, { at, actor: 'system' }));
      if (period.state === 'raised') await remind(tx, policy, family.main, period, facts, at);
    }
    return membershipStanding(deps, tx, policy, family.main, now);
  });
}

/** Raises the fee of a main or single card, or, where its user group pays none, extends it and its sub cards at once. The family is locked. */
async function raise(
  tx: Tx,
  policy: PolicyWithFee,
  family: LockedFamily,
  facts: FeeFacts,
  settling: Settling,
): Promise<MembershipPeriod> {
  const { main, subs } = family;
  const dueOn = facts.dueOn.toString();
  for (const patron of [main, ...subs]) patron.paidUntil ??= dayBefore(dueOn);
  const { library, id: patronId } = main;
  const about = { library, patronId, dueOn, raisedAt: settling.at };
  const id = uuid();
  const chargeId = await charge(tx, policy, main, id, settling);
  if (chargeId === undefined) {
    const period = tx.create(MembershipPeriod, {
      id,
      ...about,
      state: 'exempt',
      startsOn: dueOn,
      endsOn: dueOn,
      settledAt: settling.at,
    });
    await tx.flush();
    settlePeriod(tx, policy, period, family, settling);
    await tx.flush();
    return period;
  }
  const detail = { periodId: id, chargeId, dueOn };
  record(tx, patronSubject(main), { kind: 'membership-raised', ...settling, detail });
  const period = tx.create(MembershipPeriod, { id, ...about, chargeId, state: 'raised' });
  if (debitsByItself(policy)) {
    await tx.flush();
    const due = await tx.findOneOrFail(Charge, { id: chargeId });
    await debitCharges(tx, policy, family, [due], settling.at);
  }
  return period;
}

/** Books the fee; answers the charge, undefined where the reader has nothing to pay. */
async function charge(
  tx: Tx,
  policy: PolicyWithFee,
  { id: patronId, library, userGroup }: Patron,
  periodId: string,
  { at, actor }: Settling,
): Promise<string | undefined> {
  const fee = feeOf(policy.membership, userGroup);
  if (fee === 'exempt') return undefined;
  const { currency } = policy;
  if (fee.amountMinor > 0) {
    const subject = { type: 'membership', id: periodId, library, patronId };
    const waits = `membership:${patronId}`;
    const id = await raiseCharge(tx, policy, subject, { cause: 'membership', ...fee, at, actor, waits });
    await tx.flush();
    return id;
  }
  const subsidy = BigInt(fee.subsidyMinor);
  await book(tx, {
    library,
    patronId,
    currency,
    at,
    actor,
    operation: `subsidy:membership:${periodId}`,
    kind: 'subsidy-membership',
    lines: [
      { account: 'subsidy:membership', amount: subsidy },
      { account: 'income:membership', amount: -subsidy },
    ],
  });
  return undefined;
}

async function remind(
  tx: Tx,
  policy: PolicyWithFee,
  patron: Patron,
  period: MembershipPeriod,
  facts: FeeFacts,
  at: Date,
): Promise<void> {
  const step = reachedStep(facts, at.getTime())?.step ?? 1;
  const content = { periodId: period.id, step };
  const cause = causeOf(period, step);
  await tx.flush();
  await queueNotice(tx, policy, patron, patronSubject(patron), {
    kind: 'membership-due',
    cause,
    at,
    content,
  });
}

async function raiseByHand(deps: ActivityDeps, step: RaiseMembershipFee): Promise<Refused | RaisedFee> {
  const { patronId, now } = step;
  const answer = await once(deps.orm, step, async (tx) => {
    const family = await lockFamily(tx, patronId);
    if (!family) return refuse({ code: 'patron-unknown' });
    const policy = deps.policies.get(family.main.library);
    if (!hasFee(policy)) return refuse({ code: 'membership-without-fee' });
    const over = withoutFee(family.main);
    if (over) return refuse({ code: over === 'closed' ? 'patron-closed' : 'membership-of-sub-card' });
    const facts = await feeFacts(tx, policy, family.main, now);
    const from = facts.steps[0]?.at;
    if (!facts.open && from && from.epochMilliseconds > now)
      return refuse({ code: 'membership-not-due', paidUntil: dayBefore(facts.dueOn.toString()) });
    const settling = { at: new Date(now), actor: step.actor };
    const period = facts.open ?? (await raise(tx, policy, family, facts, settling));
    return { chargeId: period.chargeId ?? null, paidUntil: present(family.main.paidUntil, 'paid until') };
  });
  await deps.engine.wake([`membership:${patronId}`]);
  return answer;
}
