import { z } from 'zod';
import { bankPolicy } from './policy-bank.ts';
import { matchingPolicy } from './policy-matching.ts';
import { documentsPolicy } from './policy-documents.ts';
import { debtsPolicy, disputesPolicy, feesPolicy } from './policy-fees.ts';
import { reconciliationPolicy } from './policy-reconciliation.ts';
import { uploadsPolicy } from './policy-transfers.ts';
import { waysPolicy } from './policy-ways.ts';

/** What a library charges, how it is paid, and how its books are kept. Amounts are minor units of the library's currency. */
export const moneyPolicy = z.strictObject({
  bank: bankPolicy.prefault({}),
  matching: matchingPolicy.prefault({}),
  fees: feesPolicy.prefault({}),
  disputes: disputesPolicy.prefault({}),
  debts: debtsPolicy.prefault({}),
  documents: documentsPolicy.prefault({}),
  reconciliation: reconciliationPolicy.prefault({}),
  uploads: uploadsPolicy.prefault({}),
  ways: waysPolicy.prefault({}),
});
