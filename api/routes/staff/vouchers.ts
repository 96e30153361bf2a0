import { z } from 'zod';
import { librarysPayment, type PaymentDetail } from '../../../db/queries/payments.ts';
import { vouchersOf } from '../../../db/queries/vouchers.ts';
import { answer } from '../../answer.ts';
import { actorOf } from '../../bodies/story.ts';
import { staffVouchersBody } from '../../bodies/vouchers.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem, ProblemError } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { id, iso } from '../../schemas/values.ts';
import { staffVouchers, voucherDecision } from '../../schemas/vouchers.ts';
import { createVoucherFiles, voucherFileResponse } from '../../voucher-files.ts';
import { createWords, type Words } from '../../words.ts';

const params = z.strictObject({ id });

/** What the process answers when a colleague was quicker. */
const overtaken: readonly string[] = ['voucher-decided', 'payment-not-submitted'];

/** Proof of payments as staff see, record and decide on it (P4, P5). */
export function voucherRoutes(deps: ApiDeps): Route[] {
  const { orm, commands } = deps;
  const wordsFor = createWords(deps);
  const files = createVoucherFiles(deps);

  const find = async ({ library }: StaffCaller, paymentId: string): Promise<PaymentDetail> => {
    const row = await librarysPayment(orm, library, paymentId);
    if (!row) throw problem('payment-unknown');
    return row;
  };
  const show = async (caller: StaffCaller, paymentId: string, words: Words) =>
    staffVouchersBody(await find(caller, paymentId), await vouchersOf(orm, paymentId), words);

  /** Who was quicker, and when. */
  const decidedBefore = async (paymentId: string, words: Words) => {
    const last = (await vouchersOf(orm, paymentId)).findLast(({ decidedAt }) => decidedAt !== null);
    if (!last?.decidedBy || last.decidedAt === null) return undefined;
    const { name } = actorOf(words, last.decidedBy, last.deciderName);
    return problem('voucher-decided', { name, at: iso(last.decidedAt), outcome: last.state });
  };

  return [
    route({
      method: 'get',
      path: '/v1/staff/payments/:id/vouchers',
      summary: 'What was given as proof of a payment',
      access: ['cashier', 'desk', 'ill-librarian'],
      params,
      problems: ['payment-unknown'],
      responses: { 200: { description: 'The vouchers.', body: staffVouchers } },
    }).handle(async ({ caller, params: { id: paymentId }, language }) => ({
      status: 200,
      body: await show(caller, paymentId, wordsFor(caller.library, language)),
    })),
    route({
      method: 'get',
      path: '/v1/staff/payments/:id/vouchers/:voucherId/file',
      summary: 'A file that was given as proof, as it is kept',
      access: ['cashier', 'desk', 'ill-librarian'],
      params: params.extend({ voucherId: id }),
      problems: ['payment-unknown', 'voucher-unknown'],
      responses: { 200: voucherFileResponse },
    }).handle(async ({ caller, params: { id: paymentId, voucherId } }) => {
      await find(caller, paymentId);
      return files.reply(paymentId, voucherId);
    }),
    route({
      method: 'post',
      path: '/v1/staff/payments/:id/vouchers',
      summary: 'Record a voucher that was handed in on paper',
      access: ['cashier', 'desk', 'ill-librarian'],
      idempotent: true,
      params,
      problems: [
        'payment-unknown',
        'payment-ended',
        'voucher-not-awaited',
        'voucher-limit',
        'engine-unavailable',
      ],
      responses: { 201: { description: 'Recorded.', body: staffVouchers }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: paymentId }, key, language }) => {
      await find(caller, paymentId);
      const wish = { voucherId: key.id, givenAs: 'paper', actor: caller.actor } as const;
      const given = commands.giveVoucher(paymentId, wish, key.id);
      return answer(given, `/v1/staff/payments/${paymentId}/vouchers`, async () => ({
        status: 201 as const,
        body: await show(caller, paymentId, wordsFor(caller.library, language)),
      }));
    }),
    route({
      method: 'post',
      path: '/v1/staff/payments/:id/voucher-decisions',
      summary: 'Accept or refuse what was given as proof of a payment',
      description:
        'Accepting books the payment, and releases what waits for it (I16). A refusal is mailed to the reader with its reason. A decision that a colleague has made meanwhile is refused with who and when.',
      access: ['cashier'],
      idempotent: true,
      params,
      body: voucherDecision,
      problems: [
        'payment-unknown',
        'payment-not-submitted',
        'voucher-decided',
        'voucher-changed',
        'remark-missing',
        'engine-unavailable',
      ],
      responses: { 200: { description: 'As it stands now.', body: staffVouchers }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: paymentId }, body, key, language, now }) => {
      const { decision, seen, reason: text } = body;
      const words = wordsFor(caller.library, language);
      await find(caller, paymentId);
      const note = await keepIfAny(orm, caller, { subject: key.id, text, now });
      const wish = { decision, seen, actor: caller.actor, ...note };
      try {
        const decided = commands.decideVouchers(paymentId, wish, key.id);
        return await answer(decided, `/v1/staff/payments/${paymentId}/vouchers`, async () => ({
          status: 200 as const,
          body: await show(caller, paymentId, words),
        }));
      } catch (error) {
        if (!(error instanceof ProblemError) || !overtaken.includes(error.code)) throw error;
        throw (await decidedBefore(paymentId, words)) ?? error;
      }
    }),
  ];
}
