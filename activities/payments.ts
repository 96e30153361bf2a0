import type { ActivityDeps } from './deps.ts';
import { reversePayment, type ReversePayment } from './payment-reversals.ts';
import { takePayment, type TakePayment } from './take-payment.ts';

/** What the cashier does with a reader's money. */
export function createPaymentCommands(deps: ActivityDeps) {
  return {
    takePayment: (step: TakePayment) => takePayment(deps, step),
    reversePayment: (step: ReversePayment) => reversePayment(deps, step),
  };
}
