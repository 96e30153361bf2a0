import { told } from './told.ts';
import { libraryCode, line } from './values.ts';

/** The fields of a request about a reader who is named by card, login or e-mail address (A1); refined with `namedOnce`. */
export const readerName = {
  library: libraryCode,
  card: line(64).optional().describe('The card number; the same as `name`.'),
  name: line(254)
    .optional()
    .describe('Card number, student or staff number or other login, or confirmed e-mail address.'),
};

type Named = { readonly card?: string | undefined; readonly name?: string | undefined };

export function namedOnce({ card, name }: Named): boolean {
  return (card === undefined) !== (name === undefined);
}

export const namedOnceElse = told('named-once', 'name');

/** What the reader is named by. */
export function nameOf({ card, name }: Named): string {
  return name ?? card ?? '';
}
