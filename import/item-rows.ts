import { z } from 'zod';
import { kinds } from '../domain/kinds.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { isoMarks, readAmount, writeAmount } from '../statements/amounts.ts';
import type { RowFormat } from './rows.ts';
import { date, oneOf, text, yesOrNo } from './values.ts';

/** An amount in the currency's main unit, with no more decimals than it has, as minor units. */
function price(currency: string) {
  return z.string().transform((given, context) => {
    const amount = readAmount(given.slice(0, 20), currency, isoMarks);
    if (typeof amount !== 'string' && amount.minor >= 0n) return Number(amount.minor);
    context.addIssue({
      code: 'custom',
      message: `must be an amount in ${currency}, as ${decimalExample(currency)}`,
    });
    return z.NEVER;
  });
}

const decimalExample = (currency: string): string => writeAmount(2980n, currency).split(' ')[0] ?? '';

function itemShape(branches: readonly string[], currency: string) {
  const shape = z.strictObject({
    barcode: text(50),
    control_number: text(100),
    branch: oneOf(branches),
    shelf_mark: text(200).nullable().optional(),
    /** What the file takes the title for; the catalogue must agree. */
    kind: oneOf(kinds).nullable().optional(),
    issue: text(200).nullable().optional(),
    issued_on: date.nullable().optional(),
    /** What it costs to replace when it is lost. */
    price: price(currency).nullable().optional(),
    for_loan: z.union([yesOrNo, z.null().transform(() => true)], 'must be yes or no').optional(),
  });
  return shape.refine((row) => !row.issue === !row.issued_on, {
    message: 'issue and issued_on belong together',
  });
}

/** A copy as the file states it; a column that the file does not have is not there. */
export type ItemRow = z.output<ReturnType<typeof itemShape>>;

/**
 * Items: `barcode`, `control_number` (of the title, MARC 001), `branch` (a code of the library's policy); optional `shelf_mark`, `kind` (book, magazine
 * or audiovisual), `issue` and `issued_on` (YYYY-MM-DD; both or neither, for magazines), `for_loan` (yes or no; yes where nothing is said), `price` (what a lost copy
 * costs to replace, in the library's currency: `29.80`).
 */
export function itemRows(policy: Pick<LibraryPolicy, 'branches' | 'currency'>): RowFormat<ItemRow> {
  return {
    columns: {
      required: ['barcode', 'control_number', 'branch'],
      optional: ['shelf_mark', 'kind', 'issue', 'issued_on', 'for_loan', 'price'],
    },
    schema: itemShape(
      policy.branches.map((branch) => branch.code),
      policy.currency,
    ),
    key: { column: 'barcode', as: 'barcode' },
  };
}
