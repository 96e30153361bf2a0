import type { IllAttempt } from '../../db/entities/index.ts';
import { costIn } from '../../domain/ill-costs.ts';
import type { SupplierSays } from './delivery.ts';

/** What a supplier offers, as the attempt keeps it: codes, amounts in minor units, instants in epoch milliseconds. */
export interface Offer {
  readonly conditions: readonly string[];
  readonly costMinor?: number;
  readonly currency?: string;
  readonly retryAfter?: number;
  readonly retryBefore?: number;
  /** Reader or librarian have agreed. */
  readonly accepted?: boolean;
}

const epoch = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

/** What a message offers or asks. */
export function offerIn({ retryInfo, deliveryInfo }: SupplierSays): Offer {
  const cost = costIn(retryInfo?.offeredCosts?.[0] ?? deliveryInfo?.deliveryCosts?.[0]);
  const conditions = [...(retryInfo?.loanCondition ?? []), ...(deliveryInfo?.loanCondition ?? [])];
  const retryAfter = epoch(retryInfo?.retryAfter);
  const retryBefore = epoch(retryInfo?.retryBefore);
  return {
    conditions: [...new Set(conditions.map(({ value }) => value))],
    ...(cost && { costMinor: cost.amountMinor, currency: cost.currency }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(retryBefore !== undefined && { retryBefore }),
  };
}

export const offerOf = ({ offer }: IllAttempt): Offer =>
  offer ? { conditions: [], ...(offer as Partial<Offer>) } : { conditions: [] };
