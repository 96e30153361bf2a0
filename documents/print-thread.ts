import { workerData } from 'node:worker_threads';
import { createTexts, type Texts } from '../notices/texts.ts';
import { printSettlement } from './library-settlement.ts';
import { printedDocument } from './printed.ts';
import { printTransferForm } from './transfer-form.ts';

/** What can be printed, by the printer's names. */
export const presses = {
  document: printedDocument,
  transferForm: printTransferForm,
  settlement: printSettlement,
} as const;

interface Order {
  readonly press: keyof typeof presses;
  readonly given: readonly unknown[];
}

const texts = createTexts((workerData as { locales: string }).locales);

/** Prints one document; run by the printer's thread. */
export default function print({ press, given }: Order): Promise<Buffer> {
  const printing = presses[press] as (texts: Texts, ...given: readonly unknown[]) => Promise<Buffer>;
  return printing(texts, ...given);
}
