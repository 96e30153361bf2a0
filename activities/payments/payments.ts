import { createDepositCommands } from '../tills/deposits.ts';
import type { ActivityDeps } from '../deps.ts';
import { createDrawerCommands } from '../tills/drawers.ts';
import { reversePayment, type ReversePayment } from './payment-reversals.ts';
import { createPayoutCommands } from '../tills/payouts.ts';
import { takePayment, type TakePayment } from '../tills/take-payment.ts';

/** What the cashier does with readers' money and the till. */
export function createPaymentCommands(deps: ActivityDeps) {
  return {
    takePayment: (step: TakePayment) => takePayment(deps, step),
    reversePayment: (step: ReversePayment) => reversePayment(deps, step),
    ...createPayoutCommands(deps),
    ...createDepositCommands(deps),
    ...createDrawerCommands(deps),
  };
}
