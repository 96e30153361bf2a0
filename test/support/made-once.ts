import { loadPolicies } from '../../config/policies.ts';
import { createPrinter } from '../../documents/printer.ts';
import { createTexts } from '../../notices/texts.ts';

// What takes a second to make and is the same for all test files of a process.

export const texts = createTexts('locales');
export const policies = loadPolicies('policies');
/** Its thread, and with it the fonts it has read, ends by itself. */
export const printer = createPrinter('locales');
