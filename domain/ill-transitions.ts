import type { Action, ReasonForMessage, Status } from './ill-status.ts';

/**
 * The state tables of ISO 18626, for both sides and both editions (I18). The 2021 edition adds statuses and actions (`HoldReturn`, `ReleaseHoldReturn`, `Lost`) and changes nothing of the others,
 * so one table holds for both.
 */
export const terminalStatuses = [
  'RetryPossible',
  'Unfilled',
  'CopyCompleted',
  'LoanCompleted',
  'CompletedWithoutReturn',
  'Cancelled',
] as const satisfies readonly Status[];

const terminal: ReadonlySet<string> = new Set(terminalStatuses);

/** Nothing follows it: what is said afterwards changes nothing. */
export const isTerminal = (status: Status | null): boolean => status !== null && terminal.has(status);

const before = ['Loaned', 'RetryPossible', 'Unfilled', 'CopyCompleted', 'Cancelled'] as const;
const lent = ['Overdue', 'Recalled', 'HoldReturn', 'LoanCompleted', 'CompletedWithoutReturn'] as const;

/** What may follow which status; a status that lasts may be said again. `none`: the supplier has not said anything. */
const following: Readonly<Record<Status | 'none', readonly Status[]>> = {
  none: ['RequestReceived', 'ExpectToSupply', 'WillSupply', ...before],
  RequestReceived: ['RequestReceived', 'ExpectToSupply', 'WillSupply', ...before],
  ExpectToSupply: ['ExpectToSupply', 'WillSupply', ...before],
  WillSupply: ['WillSupply', ...before],
  Loaned: ['Loaned', ...lent],
  // Renewed after it was due or recalled, it is simply lent again.
  Overdue: ['Loaned', ...lent],
  Recalled: ['Loaned', ...lent],
  HoldReturn: ['Loaned', 'ReleaseHoldReturn', ...lent],
  ReleaseHoldReturn: ['Loaned', 'ReleaseHoldReturn', ...lent],
  RetryPossible: [],
  Unfilled: [],
  CopyCompleted: [],
  LoanCompleted: [],
  CompletedWithoutReturn: [],
  Cancelled: [],
};

/** Whether a supplier may go on from one status to another; null: nothing has been said yet. */
export function mayFollow(status: Status | null, next: Status): boolean {
  return following[status ?? 'none'].includes(next);
}

const asked: readonly Status[] = ['RequestReceived', 'ExpectToSupply', 'WillSupply', ...before];
const renewable: readonly Status[] = ['Loaned', 'Overdue', 'Recalled', 'HoldReturn', 'ReleaseHoldReturn'];

/** Which statuses go with a reason; null: any. */
const reasonsStatuses: Readonly<Record<ReasonForMessage, readonly Status[] | null>> = {
  RequestResponse: asked,
  StatusRequestResponse: null,
  RenewResponse: renewable,
  CancelResponse: null,
  StatusChange: null,
  Notification: null,
};

/** Whether a message with this reason can carry that status. */
export function goesWith(reason: ReasonForMessage, status: Status): boolean {
  return reasonsStatuses[reason]?.includes(status) ?? true;
}

/** How far what was said about a request has come. */
export interface Said {
  /** Null until the supplier has said anything. */
  readonly status: Status | null;
  /** The header's time of the last message that counted; epoch milliseconds. */
  readonly at: number | null;
}

/** What a supplier says. */
export interface SupplierSays {
  readonly reason: ReasonForMessage;
  readonly status: Status;
  readonly answer?: 'Y' | 'N' | undefined;
  /** The header's time; epoch milliseconds. */
  readonly at: number;
}

/**
 * What becomes of a message. `heed`: it counts, and afterwards things stand as `after` says. `late`: it is confirmed like any other, and changes nothing. `refuse`: it cannot be, and its
 * sender is told which value is wrong.
 */
export type Verdict =
  | { readonly verdict: 'heed'; readonly after: Said }
  | { readonly verdict: 'late' }
  | { readonly verdict: 'refuse'; readonly value: 'status' | 'answerYesNo' | 'action' };

const late: Verdict = { verdict: 'late' };

/** Judges what a supplier says about a request of ours, by what it and we have said before; messages that are stored and not yet heeded count (see `foldSupplier`). */
export function judgeSupplier(said: Said, message: SupplierSays): Verdict {
  const { reason, status, at } = message;
  if (reason === 'Notification') return { verdict: 'heed', after: said };
  if (said.at !== null && at < said.at) return late;
  if (!goesWith(reason, status)) return { verdict: 'refuse', value: 'status' };
  if (contradicts(message)) return { verdict: 'refuse', value: 'answerYesNo' };
  if (isTerminal(said.status)) return isEcho(said, message) ? late : { verdict: 'refuse', value: 'status' };
  if (mayFollow(said.status, status)) return { verdict: 'heed', after: { status, at } };
  // A refusal leaves everything as it was, whatever status it repeats.
  if (isRefusal(message)) return { verdict: 'heed', after: { status: said.status, at } };
  return { verdict: 'refuse', value: 'status' };
}

/** Of an ended request the end may be repeated, and an answer may have crossed it. */
function isEcho(said: Said, { reason, status }: SupplierSays): boolean {
  return status === said.status || reason === 'CancelResponse' || reason === 'RenewResponse';
}

function isRefusal({ reason, answer, status }: SupplierSays): boolean {
  if (reason === 'RenewResponse') return answer === 'N';
  return reason === 'CancelResponse' && status !== 'Cancelled';
}

/** Cancelled and not cancelled, or lent on and not renewed. */
function contradicts({ reason, answer, status }: SupplierSays): boolean {
  if (answer === undefined || reason !== 'CancelResponse') return false;
  return (answer === 'Y') !== (status === 'Cancelled');
}

/** How things stand when messages that were taken in one after the other will have been heeded. */
export function foldSupplier(said: Said, messages: readonly SupplierSays[]): Said {
  return messages.reduce((known, message) => {
    const judged = judgeSupplier(known, message);
    return judged.verdict === 'heed' ? judged.after : known;
  }, said);
}

type Allowed = 'heed' | 'late' | 'refuse';
type Row = Readonly<Record<Action, Allowed>>;

const always = { StatusRequest: 'heed', Notification: 'heed' } as const;

const notYetSent: Row = {
  ...always,
  Received: 'refuse',
  Cancel: 'heed',
  Renew: 'refuse',
  HoldReturn: 'refuse',
  ShippedReturn: 'refuse',
  ShippedForward: 'refuse',
  Lost: 'refuse',
};

/** A cancellation that crossed the shipping is heeded: it gets its No. */
const onLoan: Row = {
  ...always,
  Received: 'heed',
  Cancel: 'heed',
  Renew: 'heed',
  HoldReturn: 'heed',
  ShippedReturn: 'heed',
  ShippedForward: 'heed',
  Lost: 'heed',
};

const neverSent: Row = { ...notYetSent, Cancel: 'late' };

/** The loan's end crossed what the requester said meanwhile. */
const loanEnded: Row = {
  ...always,
  Received: 'late',
  Cancel: 'late',
  Renew: 'late',
  HoldReturn: 'late',
  ShippedReturn: 'late',
  ShippedForward: 'late',
  Lost: 'late',
};

const allowed: Readonly<Record<Status, Row>> = {
  RequestReceived: notYetSent,
  ExpectToSupply: notYetSent,
  WillSupply: notYetSent,
  Loaned: onLoan,
  Overdue: onLoan,
  Recalled: onLoan,
  HoldReturn: onLoan,
  ReleaseHoldReturn: onLoan,
  RetryPossible: neverSent,
  Unfilled: neverSent,
  Cancelled: neverSent,
  CopyCompleted: { ...neverSent, Received: 'heed' },
  LoanCompleted: loanEnded,
  CompletedWithoutReturn: loanEnded,
};

/** What a requester may do or ask while its request has that status with us. */
export function allowedIn(status: Status, action: Action): Allowed {
  return allowed[status][action];
}

/** Said again or late they harm nothing, and a question deserves its answer. */
const timeless: ReadonlySet<Action> = new Set(['Notification', 'StatusRequest']);

/** Whether a requester's action counts among those that a later one makes outdated. */
export const hasItsTime = (action: Action): boolean => !timeless.has(action);

/** Judges what a requester does about a request to us; `said` has the status that we have stated, and the time of the last action of theirs that has one. */
export function judgeRequester(
  said: { readonly status: Status; readonly at: number | null },
  { action, at }: { readonly action: Action; readonly at: number },
): Verdict {
  const timed = hasItsTime(action);
  if (timed && said.at !== null && at < said.at) return late;
  const verdict = allowedIn(said.status, action);
  if (verdict === 'heed') return { verdict, after: timed ? { ...said, at } : said };
  return verdict === 'late' ? late : { verdict, value: 'action' };
}
