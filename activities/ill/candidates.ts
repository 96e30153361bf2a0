import type { IllFormRow, IllRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
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

/** Who can be asked next for what the form wants, the first to be asked first (I10); nobody who was tried in vain. */
export async function candidatesFor(
  deps: ActivityDeps,
  tx: Tx,
  request: IllRequest,
  _form: IllFormRow,
  _at: Date,
): Promise<readonly Candidate[]> {
  const { ill } = deps.policies.get(request.library);
  if (ill === 'none') return [];
  const tried = await tx.execute<{ peer: string }[]>('select peer from ill_attempt where request_id = ?', [
    request.id,
  ]);
  const asked = new Set(tried.map(({ peer }) => peer));
  return ill.peers.filter(({ code }) => !asked.has(code)).map(({ code }) => ({ peer: code }));
}
