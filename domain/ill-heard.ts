import type { ReasonForMessage, Status } from './ill-status.ts';
import { mayFollow } from './ill-transitions.ts';

/** What one message of a supplier says; `at` is its header's time in epoch milliseconds, `seq` the order in which it came. */
export interface Said {
  readonly at: number;
  readonly seq: number;
  readonly reason: ReasonForMessage;
  readonly status: Status;
  readonly answer?: 'Y' | 'N' | undefined;
}

/** What a supplier has said in all. */
export interface Heard<M extends Said> {
  /** The last status that counts; undefined: none. */
  readonly status?: Status;
  /** The message that it comes from. */
  readonly last?: M;
  /** The first message by which it is known to have been shipped, the one that says so itself before others. */
  readonly shipped?: M;
  /** The last answer to a cancellation. */
  readonly cancel?: M;
  /** Messages that count, as they were said one after the other. */
  readonly counted: readonly M[];
}

const shipping: ReadonlySet<Status> = new Set(['Loaned', 'CopyCompleted']);
const outThere: ReadonlySet<Status> = new Set([
  ...shipping,
  'Overdue',
  'Recalled',
  'HoldReturn',
  'ReleaseHoldReturn',
  'LoanCompleted',
  'CompletedWithoutReturn',
]);

/** Whether a status means that the thing was sent. */
export const isShipped = (status: Status | null | undefined): boolean =>
  status != null && outThere.has(status);

/** Whether a supplier's later word counts after an earlier one. Who said no and sends all the same is believed: the thing is on its way (I10). */
function counts(before: Status | undefined, after: Status): boolean {
  if (before === undefined || mayFollow(before, after)) return true;
  return isShipped(after) && !isShipped(before);
}

/**
 * What a supplier has said, whatever the order in which its messages came, and however often: they are read in the order in which they were said. A note changes no status.
 */
export function hear<M extends Said>(messages: readonly M[]): Heard<M> {
  const told = messages
    .filter(({ reason }) => reason !== 'Notification')
    .toSorted((one, other) => one.at - other.at || one.seq - other.seq);
  const counted: M[] = [];
  for (const each of told) if (counts(counted.at(-1)?.status, each.status)) counted.push(each);
  const last = counted.at(-1);
  const shipped =
    counted.find(({ status }) => shipping.has(status)) ?? counted.find(({ status }) => isShipped(status));
  const cancel = told.findLast(({ reason }) => reason === 'CancelResponse');
  return {
    ...(last && { status: last.status, last }),
    ...(shipped && { shipped }),
    ...(cancel && { cancel }),
    counted,
  };
}

/** What a supplier that would try again, or would lend on terms, wants to know. */
export type Asks = 'condition' | 'cost' | 'data' | 'other';

/** What a reader can be asked; `price` comes before any supplier is asked (I15). */
export const questions = ['price', 'cost', 'condition', 'data', 'other'] as const;

const asksByReason: Readonly<Record<string, Asks>> = {
  CostExceedsMaxCost: 'cost',
  ReqPayMethodNotSupported: 'cost',
  LoanCondition: 'condition',
  MustMeetLoanCondition: 'condition',
  NotFoundAsCited: 'data',
  MultiVolAvail: 'data',
  LoanPossible: 'data',
  ReqEditionNotPossible: 'data',
  ReqFormatNotPossible: 'data',
  ReqServTypeNotPossible: 'data',
  ReqServLevelNotSupp: 'data',
  ReqDelMethodNotSupp: 'data',
  CourierNotSupp: 'data',
};

/** What has to be answered before the supplier is asked once more; a code that is not known tells by what was offered with it. */
export function asksOf(
  reason: string | undefined,
  offered: { readonly conditions: boolean; readonly cost: boolean },
): Asks {
  const known = reason === undefined ? undefined : asksByReason[reason];
  if (known) return known;
  if (offered.conditions) return 'condition';
  return offered.cost ? 'cost' : 'other';
}
