import { createPrinter } from '../../documents/printer.ts';

/** One for all test files of a process, so that the fonts are read once; its thread ends by itself. */
export const printer = createPrinter('locales');
