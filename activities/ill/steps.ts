import type { Step } from '../../db/transaction.ts';
import type { Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';

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

/** Everything that people do with a request once it is there; each has a function of its own in `acts.ts`. */
export type ActOnRequest = CancelRequest;

export type RequestOutcome = Refused | { readonly standing: Standing };
