import { allHandlersFinished, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { BeginPayment, CancelPayment, PaymentStanding } from '../activities/payments/payment-steps.ts';
import type { Refused } from '../domain/refusal.ts';
import type { Standing } from '../domain/standing.ts';
import { type ProcessResult, wake } from './hold.ts';
import { made, type Made } from './made.ts';
import { Bell, carry } from './process.ts';
import { database, gateway } from './proxies.ts';
import { requireTexts } from './validate.ts';
import { hearOfVouchers } from './vouchers.ts';

export const paymentWorkflowId = (paymentId: string): string => `payment:${paymentId}`;

/** What a payment begins with; ids, codes and amounts only. */
export type PaymentInput = Omit<BeginPayment, 'now'>;
export type PaymentAnswer = Refused | { readonly standing: Standing };

/** The answer to the reader who wants to pay; sent with the start. An online payment is answered when its checkout is there. */
export const begun = defineUpdate<PaymentAnswer>('begun');
/** The reader or staff give it up. Of an online payment its gateway is asked first: if it was paid meanwhile, it is booked. */
export const cancelPayment = defineUpdate<PaymentAnswer, [Omit<CancelPayment, 'paymentId' | keyof Made>]>(
  'cancelPayment',
);

/** How long whoever gives up an online payment waits for the gateway's word; after that they look again. */
const gatewayWait = '3s';

/**
 * A payment that waits for its money: for the gateway, the bank's statement, a voucher and staff (P3–P5, P8). Money is booked where it is heard of, in one transaction with
 * what it pays; the process is woken and looks. An online payment asks its gateway instead, whatever a notification says, until the gateway has closed it.
 */
export async function payment(input: PaymentInput): Promise<ProcessResult> {
  const { paymentId } = input;
  const bell = new Bell();
  let answer: PaymentAnswer | undefined;
  let last: Standing | undefined;

  setHandler(wake, (standing) => bell.ring(standing));
  hearOfVouchers(paymentId, bell);
  setHandler(begun, async () => {
    await condition(() => answer !== undefined);
    return answer as PaymentAnswer;
  });
  setHandler(
    cancelPayment,
    async (wish) => {
      const outcome = await database.cancelPayment({ ...wish, paymentId, ...made() });
      if (!('standing' in outcome)) return outcome;
      if (!outcome.online) bell.ring(outcome.standing);
      else {
        bell.ring();
        await condition(() => last !== undefined && isOver(last), gatewayWait);
      }
      return { standing: isOver(outcome.standing) ? outcome.standing : (last ?? outcome.standing) };
    },
    { validator: (wish) => requireTexts(wish, 'actor') },
  );

  const begin = { ...input, now: Date.now() };
  const first = await (input.means === 'online' ? gateway.openPayment(begin) : database.beginPayment(begin));
  if (!('standing' in first)) return refuse(first);
  const look = async (now: number): Promise<Standing> => {
    last = await lookAt(first, paymentId, now);
    return last;
  };
  last = first.standing;
  if (last.state === 'not-opened') return refuse({ refused: [{ code: 'gateway-refused' }] });
  answer = { standing: last };
  const end = await carry(bell, last, look);
  return { state: end.state };

  async function refuse(refusal: Refused): Promise<ProcessResult> {
    answer = refusal;
    await condition(allHandlersFinished);
    return { state: 'refused', ...refusal };
  }
}

function lookAt({ online }: PaymentStanding, paymentId: string, now: number): Promise<Standing> {
  return online ? gateway.followCheckout({ paymentId, now }) : database.lookAtPayment({ paymentId, now });
}

const isOver = ({ state }: Standing): boolean => state !== 'open' && state !== 'submitted';
