import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { attributes } from '../workflows/attributes.ts';
import { wake } from '../workflows/hold.ts';
import * as payments from '../workflows/payment.ts';
import * as vouchers from '../workflows/vouchers.ts';
import { standingAt, type Ways } from './asking.ts';
import { asEngine } from './engine-errors.ts';

/** Notifications of gateways also signal a process that may have ended. */
interface WithClient extends Ways {
  readonly client: Client;
  readonly taskQueue: string;
}

/** Whose payment it is. */
export interface KnownPayment {
  readonly paymentId: string;
  readonly library: string;
  readonly patronId: string;
}

/** A gateway waits for its answer: what the engine does not take in this time is found by the sweep. Milliseconds. */
const followMs = 700;

/** The commands of payments that wait for their money (P1, P8). */
export function paymentCommands({ client, taskQueue, begin, tell }: WithClient) {
  return {
    beginPayment: (input: payments.PaymentInput, expiresAt?: number) =>
      begin({
        workflow: payments.payment,
        workflowId: payments.paymentWorkflowId(input.paymentId),
        input,
        ask: payments.begun,
        answerIn: standingAt,
        shown: [
          ...shown(input),
          ...(expiresAt === undefined ? [] : [{ key: attributes.deadline, value: new Date(expiresAt) }]),
        ],
      }),
    cancelPayment: (id: string, wish: object, key: string) =>
      tell(payments.paymentWorkflowId(id), payments.cancelPayment.name, wish, key, { code: 'payment-ended' }),
    giveVoucher: (id: string, wish: object, key: string) =>
      tell(payments.paymentWorkflowId(id), vouchers.giveVoucher.name, wish, key, { code: 'payment-ended' }),
    decideVouchers: (id: string, wish: object, key: string) =>
      tell(payments.paymentWorkflowId(id), vouchers.decideVouchers.name, wish, key, {
        code: 'payment-not-submitted',
      }),
    followPayment: (payment: KnownPayment) => follow(client, taskQueue, payment),
  };
}

/** Wakes a payment's process, and starts one where it has ended: a payment may be paid after its end. Its first step finds the row by its id. */
async function follow(client: Client, taskQueue: string, payment: KnownPayment): Promise<void> {
  const unsaid = { means: 'online', way: '', chargeIds: [], prepaidMinor: 0, totalMinor: 0 } as const;
  const options = {
    workflowId: payments.paymentWorkflowId(payment.paymentId),
    taskQueue,
    args: [{ ...payment, ...unsaid, actor: 'system' as const }] as [payments.PaymentInput],
    signal: wake,
    signalArgs: [] as [],
    typedSearchAttributes: new TypedSearchAttributes(shown(payment)),
  };
  await asEngine(() =>
    client.withDeadline(Date.now() + followMs, () =>
      client.workflow.signalWithStart(payments.payment, options),
    ),
  );
}

function shown({ library, patronId }: Omit<KnownPayment, 'paymentId'>) {
  return [
    { key: attributes.process, value: 'payment' },
    { key: attributes.library, value: library },
    { key: attributes.patron, value: patronId },
    { key: attributes.state, value: 'open' },
  ];
}
