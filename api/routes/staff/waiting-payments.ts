import { z } from 'zod';
import { librarysPayment } from '../../../db/queries/payments.ts';
import { answer } from '../../answer.ts';
import { moneyOf } from '../../bodies/desk.ts';
import { paymentDetailBody } from '../../bodies/payments.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { money, remark } from '../../schemas/desk.ts';
import { paymentDetail } from '../../schemas/payments.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });

/** What staff do about payments that wait for their money, or brought too much (P7, P8). */
export function waitingPaymentRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const find = async ({ library }: StaffCaller, paymentId: string) => {
    const row = await librarysPayment(deps.orm, library, paymentId);
    if (!row) throw problem('payment-unknown');
    return row;
  };

  return [
    route({
      method: 'get',
      path: '/v1/staff/payments/:id',
      summary: 'A payment',
      access: ['cashier', 'desk'],
      params,
      problems: ['payment-unknown'],
      responses: { 200: { description: 'The payment.', body: paymentDetail } },
    }).handle(async ({ caller, params: { id: paymentId }, language }) => ({
      status: 200,
      body: paymentDetailBody(await find(caller, paymentId), wordsFor(caller.library, language)),
    })),
    route({
      method: 'post',
      path: '/v1/staff/payments/:id/cancellation',
      summary: 'Give up a reader’s payment that waits for its money',
      description:
        'So that its fees can be paid at the desk. The gateway of an online payment is asked to close it first: if it was paid meanwhile it is booked, and its state tells so; while the gateway does not answer it is `cancelling`, and its fees stay locked.',
      access: ['cashier', 'desk'],
      idempotent: true,
      params,
      problems: ['payment-unknown', 'payment-ended', 'engine-unavailable'],
      responses: {
        200: { description: 'The payment as it stands.', body: paymentDetail },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: paymentId }, key, language }) => {
      await find(caller, paymentId);
      const cancelled = deps.commands.cancelPayment(paymentId, { actor: caller.actor }, key.id);
      return answer(cancelled, `/v1/staff/payments/${paymentId}`, async () => ({
        status: 200 as const,
        body: paymentDetailBody(await find(caller, paymentId), wordsFor(caller.library, language)),
      }));
    }),
    route({
      method: 'post',
      path: '/v1/staff/payments/:id/surplus-decision',
      summary: 'Decide on what was paid online beyond what was to be paid',
      description:
        'Online payments are not refunded to readers (P7). Only what belongs nowhere – paid twice, or after it was paid by other means – may be sent back through the gateway, or stays as the reader’s balance.',
      access: ['cashier'],
      idempotent: true,
      params,
      body: z.strictObject({ decision: z.enum(['keep', 'refund']), note: remark.optional() }),
      problems: ['payment-unknown', 'payment-has-no-surplus', 'credit-too-small', 'engine-unavailable'],
      responses: {
        200: {
          description: 'Decided and booked; the gateway is asked to send it back.',
          body: z.strictObject({ paymentId: id, amount: money }),
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: paymentId }, body, key, language, now }) => {
      const { library, actor } = caller;
      const { patronId, currency } = await find(caller, paymentId);
      const note = await keepIfAny(deps.orm, caller, { subject: key.id, text: body.note, now });
      const given = { paymentId, library, actor, decision: body.decision, ...note };
      const decided = deps.commands.run('decideSurplus', given, key.id, { library, patronId });
      return answer(decided, `/v1/staff/payments/${paymentId}`, ({ amountMinor }) => ({
        status: 200 as const,
        body: { paymentId, amount: moneyOf(wordsFor(library, language), amountMinor, currency) },
      }));
    }),
  ];
}
