import { z } from 'zod';
import { payerOf } from '../../../db/queries/payment-lists.ts';
import { patronFile } from '../../../db/queries/patrons.ts';
import { answer } from '../../answer.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { remark } from '../../schemas/desk.ts';
import { told } from '../../schemas/told.ts';
import { day, id, line } from '../../schemas/values.ts';

const params = z.strictObject({ id });

const lines = z
  .array(z.strictObject({ chargeId: id, amountMinor: z.int().min(1).max(1_000_000_000) }))
  .max(100)
  .refine(
    (given) => new Set(given.map(({ chargeId }) => chargeId)).size === given.length,
    told('stated-twice'),
  )
  .describe('What is paid of which charge, each charge once; in minor units of the library’s currency.');

const wish = z
  .strictObject({
    lines: lines.default([]),
    prepaidMinor: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(0)
      .describe('What is paid in for the balance (P2).'),
    means: z
      .enum(['cash', 'card', 'credit'])
      .default('cash')
      .describe('`card`: the campus card; `credit`: from what the reader has paid before.'),
    branch: line(60).describe('Whose cash drawer it is.'),
  })
  .refine((given) => given.lines.length > 0 || given.prepaidMinor > 0, told('nothing-selected', 'lines'))
  .refine(
    (given) => given.means !== 'credit' || given.prepaidMinor === 0,
    told('credit-into-credit', 'prepaidMinor'),
  );

const paid = z.strictObject({
  paymentId: id,
  paidUntil: day.nullable().describe('Until when the usage fee is paid now.'),
});

/** What the cashier books (F3, P10, A13). */
export function paymentRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/payments',
      summary: 'Take a payment',
      description:
        'Of one charge or several, wholly or in part, and for the balance; all or nothing is booked. A usage fee paid in full extends the main card and all its sub cards at once (F3).',
      access: ['cashier'],
      idempotent: true,
      params,
      body: wish,
      problems: [
        'patron-unknown',
        'charge-unknown',
        'charge-settled',
        'charge-disputed',
        'charge-in-payment',
        'payment-exceeds-charge',
        'credit-too-small',
        'means-not-offered',
        'drawer-closed',
        'patron-closed',
        'branch-unknown',
        'engine-unavailable',
      ],
      responses: { 201: { description: 'Booked.', body: paid }, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, params: { id: patronId }, body, key }) => {
      if (!(await patronFile(deps.orm, library, patronId))) throw problem('patron-unknown');
      const given = { ...body, paymentId: key.id, patronId, actor };
      const taken = deps.commands.run('takePayment', given, key.id, { library, patronId });
      return answer(taken, `/v1/staff/patrons/${patronId}/payments`, ({ paymentId, paidUntil }) => ({
        status: 201 as const,
        body: { paymentId, paidUntil },
      }));
    }),
    route({
      method: 'post',
      path: '/v1/staff/payments/:id/reversal',
      summary: 'Take back a payment that was booked by mistake',
      description:
        'The charges are open again, and what a usage fee has extended is taken back from the main card and all its sub cards. The payment itself stays on record.',
      access: ['cashier'],
      idempotent: true,
      params,
      body: z.strictObject({ reason: remark.describe('Why; kept with the booking.') }),
      problems: [
        'payment-unknown',
        'payment-reversed',
        'payment-of-dropped-charge',
        'payment-followed',
        'payment-online',
        'payment-by-bank',
        'payment-invoiced',
        'payment-not-settled',
        'credit-used',
        'drawer-closed',
        'drawer-too-little',
        'membership-of-sub-card',
        'patron-closed',
        'engine-unavailable',
      ],
      responses: { 200: { description: 'Taken back.', body: paid }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: paymentId }, body, key, now }) => {
      const { library, actor } = caller;
      const patronId = await payerOf(deps.orm, library, paymentId);
      if (patronId === undefined) throw problem('payment-unknown');
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const given = { paymentId, library, remarkId, actor };
      const reversed = deps.commands.run('reversePayment', given, key.id, { library, patronId });
      return answer(reversed, `/v1/staff/patrons/${patronId}/payments`, (result) => ({
        status: 200 as const,
        body: { paymentId, paidUntil: result.paidUntil },
      }));
    }),
  ];
}
