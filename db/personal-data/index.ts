import { accountTables } from './account-tables.ts';
import { circulationTables } from './circulation-tables.ts';
import { documentTables } from './document-tables.ts';
import { gatewayTables } from './gateway-tables.ts';
import { illTables } from './ill-tables.ts';
import { matchingTables } from './matching-tables.ts';
import type { PersonalTable } from './personal-table.ts';
import { voucherTables } from './voucher-tables.ts';

/**
 * Every table that tells something of a reader (A12); a test compares the list with the schema. Erasing goes in this order: what is found by way of another
 * table's rows comes before that table.
 */
export const personalTables: readonly PersonalTable[] = [
  ...gatewayTables,
  ...circulationTables,
  ...documentTables,
  ...illTables,
  ...matchingTables,
  ...voucherTables,
  ...accountTables.toSorted((a, b) => Number(a.table === 'patron') - Number(b.table === 'patron')),
];

export { bind, type PersonalTable } from './personal-table.ts';
