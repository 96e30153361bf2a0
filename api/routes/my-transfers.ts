import { z } from 'zod';
import { type PaymentDetail, readersPayment } from '../../db/queries/payments.ts';
import { payerOfPayment, statePayer, vouchersOf } from '../../db/queries/vouchers.ts';
import { showReference } from '../../domain/payment-reference.ts';
import { payTo } from '../../domain/transfers.ts';
import { answer } from '../answer.ts';
import { instructionsBody, readersVouchersBody } from '../bodies/vouchers.ts';
import type { ApiDeps } from '../deps.ts';
import { pdfReply, pdfResponse } from '../document-files.ts';
import { fileBody } from '../files.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { id } from '../schemas/values.ts';
import { instructions, payer, readersVouchers } from '../schemas/vouchers.ts';
import { createVoucherFiles, voucherFileResponse, voucherTypes } from '../voucher-files.ts';
import { createWords } from '../words.ts';

const params = z.strictObject({ id });
const access = 'patron';

/** What a reader needs for a transfer, and sends when it is made (P4, P5). */
export function myTransferRoutes(deps: ApiDeps): Route[] {
  const { orm, policies } = deps;
  const wordsFor = createWords(deps);
  const files = createVoucherFiles(deps);

  const find = async (patronId: string, paymentId: string): Promise<PaymentDetail> => {
    const row = await readersPayment(orm, patronId, paymentId);
    if (!row) throw problem('payment-unknown');
    return row;
  };
  const vouchers = async (payment: PaymentDetail) =>
    readersVouchersBody(payment, await vouchersOf(orm, payment.id));

  return [
    route({
      method: 'get',
      path: '/v1/me/payments/:id/instructions',
      summary: 'Where to transfer the money of a payment, and with what reference',
      access,
      params,
      problems: ['payment-unknown'],
      responses: { 200: { description: 'What is needed.', body: instructions } },
    }).handle(async ({ caller, params: { id: paymentId }, language }) => {
      const payment = await find(caller.id, paymentId);
      const stated = await payerOfPayment(orm, paymentId);
      const body = instructionsBody(payment, stated, wordsFor(caller.library, language));
      if (!body) throw problem('payment-unknown');
      return { status: 200, body };
    }),
    route({
      method: 'put',
      path: '/v1/me/payments/:id/payer',
      summary: 'Say who will pay',
      description:
        'The name under which the money comes helps to find it; unit and codes are printed on the form of an internal transfer.',
      access,
      params,
      body: payer,
      problems: ['payment-unknown', 'payment-ended'],
      responses: { 200: { description: 'As it was stated.', body: payer } },
    }).handle(async ({ caller, params: { id: paymentId }, body, now }) => {
      const { endedAt, state } = await find(caller.id, paymentId);
      if (endedAt !== null) throw problem('payment-ended', { state });
      const { id: patronId, library } = caller;
      await statePayer(orm, { paymentId, library, patronId }, body, now);
      return { status: 200, body };
    }),
    route({
      method: 'get',
      path: '/v1/me/payments/:id/transfer-form.pdf',
      summary: 'The form of an internal transfer, ready to print (P4)',
      access,
      params,
      problems: ['payment-unknown'],
      responses: { 200: pdfResponse },
    }).handle(async ({ caller, params: { id: paymentId }, now }) => {
      const payment = await find(caller.id, paymentId);
      const policy = policies.get(caller.library);
      const reference = showReference(payment.reference ?? '');
      const to = payTo(policy, payment, reference);
      if (to?.means !== 'transfer') throw problem('payment-unknown');
      const { means: _means, purpose, ...payee } = to;
      const { amount: amountMinor, currency } = payment;
      const form = { payee, purpose, amountMinor, currency, reference, madeAt: new Date(now) };
      const stated = await payerOfPayment(orm, paymentId);
      return pdfReply(await deps.printer.transferForm(policy, { ...form, payer: stated }), reference);
    }),
    route({
      method: 'get',
      path: '/v1/me/payments/:id/vouchers',
      summary: 'What was given as proof of a payment, and what became of it',
      access,
      params,
      problems: ['payment-unknown'],
      responses: { 200: { description: 'The vouchers.', body: readersVouchers } },
    }).handle(async ({ caller, params: { id: paymentId } }) => ({
      status: 200,
      body: await vouchers(await find(caller.id, paymentId)),
    })),
    route({
      method: 'post',
      path: '/v1/me/payments/:id/vouchers',
      summary: 'Send a photo or a PDF as proof of a payment (P4, P5)',
      description:
        'A page a request; the file is the body. It is told by its bytes, checked for viruses, and drawn anew: where a photo was taken, scripts, and attachments are gone. The same file sent again is one.',
      access,
      params,
      file: {
        mediaTypes: voucherTypes,
        maxBytes: (caller) => policies.get(caller?.library ?? '').money.uploads.maxBytes,
      },
      body: fileBody,
      problems: [
        'payment-unknown',
        'payment-ended',
        'voucher-not-awaited',
        'voucher-limit',
        'voucher-refused-before',
        'upload-kind-unknown',
        'upload-unreadable',
        'upload-encrypted',
        'upload-animated',
        'upload-too-many-pages',
        'upload-too-many-pixels',
        'upload-too-slow',
        'upload-infected',
        'too-many-uploads',
        'scanner-unavailable',
        'uploads-busy',
        'engine-unavailable',
      ],
      responses: { 201: { description: 'Taken.', body: readersVouchers }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: paymentId }, body: file, now }) => {
      const payment = await find(caller.id, paymentId);
      const given = files.give({ payment, file, by: caller.actor, now });
      return answer(given, `/v1/me/payments/${paymentId}/vouchers`, async () => ({
        status: 201 as const,
        body: await vouchers(await find(caller.id, paymentId)),
      }));
    }),
    route({
      method: 'get',
      path: '/v1/me/payments/:id/vouchers/:voucherId/file',
      summary: 'A file that was given as proof, as it is kept',
      access,
      params: params.extend({ voucherId: id }),
      problems: ['payment-unknown', 'voucher-unknown'],
      responses: { 200: voucherFileResponse },
    }).handle(async ({ caller, params: { id: paymentId, voucherId } }) => {
      await find(caller.id, paymentId);
      return files.reply(paymentId, voucherId);
    }),
  ];
}
