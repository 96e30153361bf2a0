import type { Step } from '../../db/transaction.ts';
import type { Actor } from '../../domain/roles.ts';

interface Acting extends Step {
  readonly requestId: string;
  readonly actor: Actor;
}

/** What was shipped has come to the library (收到); `unusable`: damaged, or not what was asked for. */
export interface ReceiveThing extends Acting {
  readonly act: 'receive';
  /** Where it was unpacked; it is sent back from there. */
  readonly branch: string;
  /** The supplier's, or of a label of our own; without it one made of the transaction number. */
  readonly barcode?: string;
  readonly unusable?: boolean;
  /** What is wrong with it, for supplier and reader. */
  readonly remarkId?: string;
}

/** The librarian hands it over, or has posted it; a reader to whom it was sent straight says that it has come. */
export interface HandOut extends Acting {
  readonly act: 'hand-out';
}

/** What was handed over without a card is back. */
export interface TakeBackThing extends Acting {
  readonly act: 'take-back';
  readonly branch: string;
}

/** It is on its way back to its supplier. */
export interface SendBack extends Acting {
  readonly act: 'send-back';
}

/** Reader or librarian ask the supplier for more time. */
export interface RenewThing extends Acting {
  readonly act: 'renew';
}

/** What a supplier said about a renewal by telephone or by mail. */
export interface AnswerRenewalByHand extends Acting {
  readonly act: 'answer-renewal';
  readonly answer: 'Y' | 'N';
  /** When the supplier wants it back, epoch milliseconds; with a yes. */
  readonly dueAt?: number;
  readonly remarkId?: string;
}

/** It will not come back: the reader has lost it, or it is not found. */
export interface LoseThing extends Acting {
  readonly act: 'lose';
  /** What the supplier asks for it, in minor units; without it what the schedule says. */
  readonly priceMinor?: number;
  readonly remarkId?: string;
}

/** Whether the reader pays for a thing that its supplier has given up, where a person decides. */
export interface SettleLost extends Acting {
  readonly act: 'settle-lost';
  readonly charge: boolean;
  /** In minor units; without it what the schedule says, or what is missing of the supplier's price where the reader was charged before. */
  readonly priceMinor?: number;
  readonly remarkId?: string;
}

/** Its supplier says that it has its thing, and our books have it with the reader or on the shelf: who is right. */
export interface SettleReturn extends Acting {
  readonly act: 'settle-return';
  /** True: the supplier has it; false: the reader has it yet, or it lies here. */
  readonly back: boolean;
  /** For the supplier, with a no. */
  readonly remarkId?: string;
}

/** What was shipped has not come: the supplier is asked to look into it. */
export interface AskAfter extends Acting {
  readonly act: 'ask-after';
  readonly remarkId?: string;
}

/** A file that the API has stored is the document (文献传递). */
export interface DeliverDocument extends Acting {
  readonly act: 'deliver';
  readonly documentId: string;
}

/** A new link; the one before is worth nothing any more (I14). */
export interface ReissueLink extends Acting {
  readonly act: 'reissue';
}

/** The wrong document, or one that must not be given out. */
export interface WithdrawDocument extends Acting {
  readonly act: 'withdraw';
  readonly remarkId?: string;
}

/** Where it is picked up, until it is shipped (I19). */
export interface ChangePlace extends Acting {
  readonly act: 'change-place';
  readonly place: string;
}

/** Everything that people do with what other libraries send. */
export type DeliveryAct =
  | ReceiveThing
  | HandOut
  | TakeBackThing
  | SendBack
  | RenewThing
  | AnswerRenewalByHand
  | LoseThing
  | SettleLost
  | SettleReturn
  | AskAfter
  | DeliverDocument
  | ReissueLink
  | WithdrawDocument
  | ChangePlace;
