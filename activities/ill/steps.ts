import type { Step } from '../../db/transaction.ts';
import type { HandStep } from '../../domain/ill.ts';
import type { Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';
import type { DeliveryAct } from './delivery-steps.ts';

/** A request to begin; its form is the row of the same id. */
export interface BeginRequest {
  readonly requestId: string;
  readonly library: string;
  /** Empty: for nobody who has a card. */
  readonly patronId: string;
  readonly actor: Actor;
  readonly now: number;
}

export interface LookAtRequest {
  readonly requestId: string;
  readonly now: number;
}

interface Acting extends Step {
  readonly requestId: string;
  readonly actor: Actor;
}

/** Reader or librarian give it up. */
export interface CancelRequest extends Acting {
  readonly act: 'cancel';
  readonly remarkId?: string;
}

/** The librarian lets it go out, or rejects it and says why (I4). */
export interface ReviewRequest extends Acting {
  readonly act: 'review';
  readonly decision: 'approve' | 'reject';
  /** Told to the reader; needed to reject. */
  readonly remarkId?: string;
  /** Peers by their codes, in the order in which they are asked before all others. */
  readonly suppliers?: readonly string[];
  /** A version of the form that the librarian has corrected. */
  readonly formId?: string;
}

/** The librarian says whom to ask, and in which order (I10). */
export interface ChooseSuppliers extends Acting {
  readonly act: 'choose';
  readonly suppliers: readonly string[];
  /** At once, instead of the supplier that has the request. */
  readonly instead?: boolean;
}

/** The librarian corrects the form before it goes out. */
export interface EditRequest extends Acting {
  readonly act: 'edit';
  readonly formId: string;
}

/** Reader or librarian answer what a supplier asks: terms, a price, better data – then with another version of the form. */
export interface AnswerRequest extends Acting {
  readonly act: 'answer';
  readonly accept: boolean;
  readonly formId?: string;
  /** Up to how much, where that was stated with a yes; minor units of the library's currency. Less than what was asked for is a no to it. */
  readonly limitMinor?: number;
}

/** The librarian notes how far they have come by other ways; the reader sees it all the same (I3). */
export interface RecordByHand extends Acting {
  readonly act: 'record';
  readonly step: HandStep;
  /** Whom they have asked. */
  readonly supplier?: string;
  /** What it costs the library, in minor units. */
  readonly costMinor?: number;
  readonly currency?: string;
  /** Epoch milliseconds. */
  readonly dueAt?: number;
  /** Why a supplier could not, as one of ISO 18626's codes. */
  readonly reason?: string;
  /** What the reader is told when it could not be obtained. */
  readonly remarkId?: string;
}

/** Staff state what the reader pays, where the schedule cannot say (I15). */
export interface StatePrice extends Acting {
  readonly act: 'price';
  /** In minor units of the library's currency. */
  readonly amountMinor: number;
}

/** What came of something that arrived although the request had gone elsewhere. */
export interface SettleLate extends Acting {
  readonly act: 'settle-late';
  readonly attemptId: string;
  readonly outcome: 'sent-back' | 'not-come';
}

/** Of a request that a centre passes on: what its member says goes on to the supplier (I5). */
export interface RelayAction extends Acting {
  readonly act: 'relay';
  readonly messageId: string;
}

/** Everything that people do with a request once it is there; each has a function of its own in `acts.ts`. */
export type ActOnRequest =
  | CancelRequest
  | ReviewRequest
  | ChooseSuppliers
  | EditRequest
  | AnswerRequest
  | RecordByHand
  | StatePrice
  | SettleLate
  | RelayAction
  | DeliveryAct;

/** Where a request stands; `lookUp`: catalogues are to be asked who has it, and then it is looked at again. */
export interface RequestStanding extends Standing {
  readonly lookUp?: boolean;
  /** A document is to be fetched from its supplier. */
  readonly fetch?: boolean;
}

export type RequestOutcome = Refused | { readonly standing: RequestStanding };
