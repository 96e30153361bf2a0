import type { Step } from '../../db/transaction.ts';
import type { Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import type { LoanCondition, RetryReason, UnfilledReason } from '../../domain/supply-reasons.ts';

export interface LookAtSupply {
  readonly supplyId: string;
  readonly library: string;
  readonly now: number;
}

/** What staff do or say; a note to the requester is a remark, and travels as its id. */
interface Acting extends Step {
  readonly supplyId: string;
  readonly actor: Actor;
  readonly remarkId?: string;
}

/** It will be supplied; `expect`: probably. */
export interface PromiseSupply extends Acting {
  readonly act: 'promise';
  readonly expect?: boolean;
}

/** Only on this condition: the requester accepts it by a note, or cancels. */
export interface AskRequester extends Acting {
  readonly act: 'ask';
  readonly condition: LoanCondition;
}

/** It cannot be supplied. */
export interface LeaveUnfilled extends Acting {
  readonly act: 'unfilled';
  readonly reason: UnfilledReason;
}

/** It could be supplied if it were asked for again: later, for so much, on that condition. Instants are epoch milliseconds, the cost in minor units of the library's currency. */
export interface OfferRetry extends Acting {
  readonly act: 'retry';
  readonly reason: RetryReason;
  readonly offeredMinor?: number;
  readonly condition?: LoanCondition;
  readonly after?: number;
  readonly before?: number;
}

/** It is on its way (运送): the thing itself until `dueAt`, or a copy of it. The cost is the total, in minor units of the library's currency. */
export interface ShipSupply extends Acting {
  readonly act: 'ship';
  /** Where the requester takes either: what it is. */
  readonly as?: 'loan' | 'copy';
  readonly costMinor?: number;
  readonly dueAt?: number;
  /** A copy of our own catalogue, which then counts as away. */
  readonly itemId?: string;
  /** What else is lent, by its barcode or call number. */
  readonly itemNote?: string;
  /** A document that was uploaded for it, or the remark that has the address under which it can be fetched. */
  readonly documentId?: string;
  readonly addressId?: string;
  /** A copy on paper. */
  readonly byPost?: boolean;
}

export interface RecallSupply extends Acting {
  readonly act: 'recall';
}

/** Tells the requester that it is overdue, without waiting for the policy's day. */
export interface SayOverdue extends Acting {
  readonly act: 'overdue';
}

/** To a wish to renew; a yes may say until when. */
export interface AnswerRenewal extends Acting {
  readonly act: 'answer-renewal';
  readonly answer: 'Y' | 'N';
  readonly dueAt?: number;
}

/** To a wish to cancel that came before it was shipped. */
export interface AnswerCancel extends Acting {
  readonly act: 'answer-cancel';
  readonly answer: 'Y' | 'N';
}

/** It is back; `branch` says where, of a copy of our own. */
export interface ReceiveBack extends Acting {
  readonly act: 'receive-back';
  readonly branch: string;
}

/** It will not come back. */
export interface GiveUpSupply extends Acting {
  readonly act: 'lost';
  /** What the requester pays for it, in minor units; without it a copy's own price where it had arrived. */
  readonly costMinor?: number;
}

/** A note to the requester that changes nothing. */
export interface NotifyRequester extends Acting {
  readonly act: 'notify';
}

/** Everything that staff do with another library's request. */
export type ActOnSupply =
  | PromiseSupply
  | AskRequester
  | LeaveUnfilled
  | OfferRetry
  | ShipSupply
  | RecallSupply
  | SayOverdue
  | AnswerRenewal
  | AnswerCancel
  | ReceiveBack
  | GiveUpSupply
  | NotifyRequester;

export type SupplyOutcome = Refused | { readonly standing: Standing };
