import type { Step } from '../../db/transaction.ts';
import type { Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';

export interface LookAtSupply {
  readonly supplyId: string;
  readonly library: string;
  readonly now: number;
}

interface Acting extends Step {
  readonly supplyId: string;
  readonly actor: Actor;
}

/** It will be supplied. */
export interface PromiseSupply extends Acting {
  readonly act: 'promise';
}

/** Everything that staff do with another library's request. */
export type ActOnSupply = PromiseSupply;

export type SupplyOutcome = Refused | { readonly standing: Standing };
