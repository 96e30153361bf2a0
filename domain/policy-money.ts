import { z } from 'zod';
import { reconciliationPolicy } from './policy-reconciliation.ts';

/** What a library charges, how it is paid, and how its books are kept. Amounts are minor units of the library's currency. */
export const moneyPolicy = z.strictObject({ reconciliation: reconciliationPolicy.prefault({}) });
