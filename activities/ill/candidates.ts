import type { IllFormRow, IllRequest } from '../../db/entities/index.ts';
import { rankedSuppliers } from '../../db/queries/suppliers.ts';
import type { Tx } from '../../db/transaction.ts';
import { supplierOf } from '../../domain/policy-suppliers.ts';
import { type AskingPolicy, statedPrice } from '../../domain/supplier-facts.ts';
import type { RankedSupplier } from '../../domain/supplier-order.ts';
import type { ActivityDeps } from '../deps.ts';

/** A supplier that may be asked next. */
export interface Candidate {
  /** By its code among the policy's peers. */
  readonly peer: string;
  readonly callNumber?: string;
  /** The record's number in the supplier's own catalogue. */
  readonly recordId?: string;
  /** What it is expected to cost, in minor units of `currency`. */
  readonly expectedMinor?: bigint;
  readonly currency?: string;
}

type Wanted = Pick<IllRequest, 'id' | 'library' | 'patronId' | 'service' | 'literature' | 'onBehalfOf'>;
type Form = Pick<IllFormRow, 'content' | 'limit'>;

/** Who can be asked next for what the form wants, the first to be asked first (I10); nobody who was tried already, and not who made the request themselves. */
export async function candidatesFor(
  deps: Pick<ActivityDeps, 'policies'>,
  tx: Tx,
  request: Wanted,
  form: Form,
  at: Date,
): Promise<readonly Candidate[]> {
  const policy = deps.policies.get(request.library);
  const { ill } = policy;
  if (ill === 'none') return [];
  const ready: AskingPolicy = { ...policy, ill };
  const ranked = await rankedSuppliers(tx, ready, request, form, at);
  return ranked.flatMap((each) => (each.position === null ? [] : [candidate(ready, request, each)]));
}

function candidate(policy: AskingPolicy, { service }: Wanted, { peer, held }: RankedSupplier): Candidate {
  const price = statedPrice(policy, supplierOf(policy.ill.suppliers, peer), service);
  return {
    peer,
    ...(held?.callNumber !== undefined && { callNumber: held.callNumber }),
    ...(held?.recordId !== undefined && { recordId: held.recordId }),
    ...(price && { expectedMinor: BigInt(price.amountMinor), currency: price.currency }),
  };
}
