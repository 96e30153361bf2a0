import type { Reason } from './refusal.ts';

/** What of a reader is still open; amounts in minor units of the library's currency. */
export interface OpenBusiness {
  readonly loans: number;
  readonly holds: number;
  readonly subs: number;
  readonly applications: number;
  /** Payments whose money is still waited for. */
  readonly payments: number;
  /** Charges not paid. */
  readonly owedMinor: number;
  /** What the library has of the reader's: the prepaid balance; below zero it is the reader who owes. */
  readonly balanceMinor: number;
  readonly depositMinor: number;
}

/** Why a reader cannot be erased yet: everything that has to be settled first, so that nobody loses a book, a place in a queue or money. */
export function erasureReasons(open: OpenBusiness): Reason[] {
  const { loans, holds, subs, applications, payments, owedMinor, balanceMinor, depositMinor } = open;
  const found: (Reason | false)[] = [
    loans > 0 && { code: 'patron-has-loans', loans },
    holds > 0 && { code: 'patron-has-holds', holds },
    owedMinor > 0 && { code: 'patron-owes', amountMinor: owedMinor },
    balanceMinor !== 0 && { code: 'patron-has-credit', amountMinor: balanceMinor },
    depositMinor > 0 && { code: 'patron-has-deposit', amountMinor: depositMinor },
    subs > 0 && { code: 'patron-has-subs', subs },
    applications > 0 && { code: 'patron-has-application', applications },
    payments > 0 && { code: 'patron-has-payment', payments },
  ];
  return found.filter((reason) => reason !== false);
}
