import type { IllFormRow, IllRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { supplierOf } from '../../domain/policy-suppliers.ts';
import { orderSuppliers, type RankedSupplier } from '../../domain/supplier-order.ts';
import type { ActivityDeps } from '../deps.ts';
import { statedPrice, supplierFacts } from './supplier-facts.ts';

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

/** Every peer with its place and the reasons for it, those that are not asked last (I10); none where the library asks nobody. */
export async function rankedSuppliers(
  { policies }: Pick<ActivityDeps, 'policies'>,
  tx: Tx,
  request: Wanted,
  form: Form,
  at: Date,
): Promise<readonly RankedSupplier[]> {
  const policy = policies.get(request.library);
  const { ill } = policy;
  if (ill === 'none') return [];
  const facts = await supplierFacts(tx, { ...policy, ill }, request, form, at);
  return orderSuppliers(ill.suppliers, request, facts);
}

/** Who can be asked next for what the form wants, the first to be asked first (I10); nobody who was tried already, and not who made the request themselves. */
export async function candidatesFor(
  deps: Pick<ActivityDeps, 'policies'>,
  tx: Tx,
  request: Wanted,
  form: Form,
  at: Date,
): Promise<readonly Candidate[]> {
  const ranked = await rankedSuppliers(deps, tx, request, form, at);
  return ranked.filter(({ position }) => position !== null).map((each) => candidate(deps, request, each));
}

function candidate(
  { policies }: Pick<ActivityDeps, 'policies'>,
  { library, service }: Wanted,
  { peer, held }: RankedSupplier,
): Candidate {
  const policy = policies.get(library);
  const price =
    policy.ill === 'none' ? undefined : statedPrice(policy, supplierOf(policy.ill.suppliers, peer), service);
  return {
    peer,
    ...(held?.callNumber !== undefined && { callNumber: held.callNumber }),
    ...(held?.recordId !== undefined && { recordId: held.recordId }),
    ...(price && { expectedMinor: BigInt(price.amountMinor), currency: price.currency }),
  };
}
