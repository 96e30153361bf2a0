import { Temporal } from 'temporal-polyfill';
import { civilDay } from './calendar.ts';
import { debtReasons } from './charges.ts';
import type { ItemFacts } from './holdable.ts';
import type { Kind, KindCounts } from './kinds.ts';
import { limitReasons } from './limits.ts';
import { eligibleToBeServed } from './patrons.ts';
import type { PatronFacts } from './patrons.ts';
import type { LibraryPolicy } from './policy.ts';
import type { Reason } from './refusal.ts';
import { countsDays } from './policy-values.ts';
import { instantAt, windowEnd } from './windows.ts';
import type { WindowRequest } from './windows.ts';

/** What due dates need: the policy, closures entered by staff, the branch of the loan and the kind of title. */
export interface DueRequest extends Pick<WindowRequest, 'closures' | 'from'> {
  readonly policy: LibraryPolicy;
  /** Branch whose open days count. */
  readonly branch: string;
  readonly kind: Kind;
}

/**
 * The due day is the reader's to its end: a loan counted in days is due at 23:59:59 of the day on which the branch closes the window, so that what is
 * renewed at home in the evening, or dropped into the book return, is in time. A loan counted in clock time is due to the second.
 */
export function loanEnd(request: WindowRequest & { readonly policy: LibraryPolicy }): Temporal.Instant {
  const end = windowEnd(request);
  const days = countsDays(Temporal.Duration.from(request.window));
  return days ? instantAt(request.policy, civilDay(request.policy, end), '24:00') : end;
}

/** For how long; of another library's thing as long as its supplier says nothing else. */
export function loanPeriod({ loans, ill }: LibraryPolicy, kind: Kind): string {
  if (kind !== 'ill') return loans.periods[kind];
  return ill === 'none' ? loans.periods.book : ill.delivery.things.withoutDueDate;
}

/** When a loan that began at `from` is due: the kind's period in civil days (L1). See `loanEnd`. */
export function dueAt(request: DueRequest): Temporal.Instant {
  const { policy, kind, branch } = request;
  return loanEnd({
    ...request,
    place: branch,
    window: loanPeriod(policy, kind),
    onClosedDay: policy.loans.dueOnClosedDay,
  });
}

/** When a loan renewed at `from` would be due: day of renewal plus the renewal period, whatever the old due date was (L3). */
export function renewedDueAt(request: DueRequest): Temporal.Instant {
  const { policy, branch } = request;
  return loanEnd({
    ...request,
    place: branch,
    window: policy.loans.renewals.period,
    onClosedDay: policy.loans.dueOnClosedDay,
  });
}

/** What decides whether an item can be checked out to a reader. All of it is read under the locks of the check-out's transaction. */
export interface CheckOutFacts {
  readonly policy: LibraryPolicy;
  readonly patron: Pick<PatronFacts, 'blocked' | 'closed' | 'expiresOn' | 'owedMinor'>;
  readonly kind: Kind;
  readonly item: Pick<ItemFacts, 'state' | 'forLoan'>;
  /** Who the item is kept for or travelling to, if anyone; who has it on loan. */
  readonly claim: 'nobody' | 'this-patron' | 'other-patron';
  /** Holds of other readers that would be served with this item before this reader, if the item were checked in now. */
  readonly aheadInQueue: number;
  readonly openLoans: KindCounts;
  readonly today: Temporal.PlainDate;
}

function itemReasons({ item, claim }: CheckOutFacts): Reason[] {
  const reasons: Reason[] = [];
  if (item.state === 'on-loan')
    reasons.push({ code: claim === 'this-patron' ? 'item-on-loan-to-you' : 'item-on-loan' });
  else if (claim === 'other-patron') reasons.push({ code: 'item-kept-for-other' });
  if (item.state === 'lent-out') reasons.push({ code: 'item-lent-out' });
  if (item.state === 'lost') reasons.push({ code: 'item-lost' });
  if (item.state === 'missing') reasons.push({ code: 'item-missing' });
  if (item.state === 'withdrawn') reasons.push({ code: 'item-withdrawn' });
  if (!item.forLoan) reasons.push({ code: 'not-for-loan' });
  return reasons;
}

/**
 * Every reason why an item cannot be checked out to a reader; empty when it can (L1, H9, H11). A usage fee that is due does not hinder the desk (F4).
 * An item that is kept for the reader is theirs, whoever else waits.
 */
export function checkOutReasons(facts: CheckOutFacts): Reason[] {
  const queued = facts.claim === 'nobody' && facts.aheadInQueue > 0;
  return [
    ...eligibleToBeServed(facts.patron, facts.today),
    ...debtReasons(facts.policy, 'loan', facts.patron.owedMinor),
    ...itemReasons(facts),
    ...(queued ? [{ code: 'title-has-queue', waiting: facts.aheadInQueue } as const] : []),
    ...limitReasons(facts.policy.loans.limit, facts.openLoans, facts.kind, {
      total: 'loan-limit',
      kind: 'loan-limit-kind',
    }),
  ];
}
