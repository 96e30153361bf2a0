import type { ActivityDeps } from '../deps.ts';

export interface LookUpHoldings {
  readonly requestId: string;
  readonly now: number;
}

/** What the catalogues that a library asks have said. */
export interface LookedUp {
  /** Holdings that were found and kept. */
  readonly found: number;
}

/**
 * Asks the policy's catalogues who has what a request wants, and keeps what they say (I5). Each is asked once for each version of the form; one that cannot be asked is no error: the
 * choice goes on with what is known.
 */
export async function lookUpHoldings(_deps: ActivityDeps, _step: LookUpHoldings): Promise<LookedUp> {
  return { found: 0 };
}
