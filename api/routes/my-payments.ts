import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Patron } from '../../db/entities/index.ts';
import { readersPayment } from '../../db/queries/payments.ts';
import { reader } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { transferExpiry } from '../../domain/transfers.ts';
import { answer } from '../answer.ts';
import { moneyOf } from '../bodies/desk.ts';
import { paymentDetailBody } from '../bodies/payments.ts';
import { transferWaysToPay } from '../bodies/vouchers.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { paymentDetail, wayToPay } from '../schemas/payments.ts';
import { told } from '../schemas/told.ts';
import { id, line } from '../schemas/values.ts';
import { createWords, type Words } from '../words.ts';

const params = z.strictObject({ id });

/** Whoever comes back from a gateway is looked for at once, but not more often than this; milliseconds. */
const lookAgainMs = 1_000;

const selection = z
  .strictObject({
    chargeIds: z
      .array(id)
      .max(100)
      .refine((given) => new Set(given).size === given.length, told('stated-twice'))
      .default([])
      .describe('The fees to pay, each in full.'),
    prepaidMinor: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(0)
      .describe('What to pay in for the balance (P2).'),
    totalMinor: z
      .int()
      .min(1)
      .max(2_000_000_000)
      .describe(
        'The total that was shown. If it is another by now nothing is begun, and the answer says the new one.',
      ),
    means: z.enum(['online', 'bank', 'transfer']),
    way: line(60).describe('One of `GET /v1/me/ways-to-pay`.'),
  })
  .refine(
    ({ chargeIds, prepaidMinor }) => chargeIds.length > 0 || prepaidMinor > 0,
    told('nothing-selected', 'chargeIds'),
  );

/** What a reader pays later than at a desk: select, see the total, choose a way, pay (P1, P3). */
export function myPaymentRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const seen = async (patronId: string, paymentId: string, words: Words) => {
    const row = await readersPayment(deps.orm, patronId, paymentId);
    if (!row) throw problem('payment-unknown');
    return paymentDetailBody(row, words);
  };

  return [
    route({
      method: 'get',
      path: '/v1/me/ways-to-pay',
      summary: 'How the reader can pay without coming to a desk',
      access: 'patron',
      responses: {
        200: { description: 'The ways.', body: z.strictObject({ items: z.array(wayToPay) }) },
      },
    }).handle(async ({ caller, language }) => {
      const words = wordsFor(caller.library, language);
      const { userGroup } = await reader(deps.orm).findOneOrFail(Patron, { id: caller.id });
      return { status: 200, body: { items: waysToPay(deps, words, userGroup ?? '') } };
    }),
    route({
      method: 'post',
      path: '/v1/me/payments',
      summary: 'Begin a payment',
      description:
        'The fees are locked to it at the amounts shown until it is paid, given up or expired: nobody pays them a second time meanwhile. An online payment is paid at `checkoutUrl`; online payments are not refunded (P7).',
      access: 'patron',
      idempotent: true,
      body: selection,
      problems: [
        'way-unknown',
        'means-not-offered',
        'total-changed',
        'charge-unknown',
        'charge-settled',
        'charge-disputed',
        'charge-not-online',
        'charge-in-payment',
        'payment-too-small',
        'payment-too-large',
        'gateway-refused',
        'patron-closed',
        'engine-unavailable',
      ],
      responses: { 201: { description: 'Begun.', body: paymentDetail }, 202: acceptedResponse },
    }).handle(({ caller, body, key, language, now }) => {
      const { id: patronId, library, actor } = caller;
      const location = `/v1/me/payments/${key.id}`;
      const input = { ...body, paymentId: key.id, library, patronId, actor };
      const expected = expiryOf(deps.policies.get(library), body, now);
      return answer(deps.commands.beginPayment(input, expected), location, async () => ({
        status: 201 as const,
        headers: { Location: location },
        body: await seen(patronId, key.id, wordsFor(library, language)),
      }));
    }),
    route({
      method: 'get',
      path: '/v1/me/payments/:id',
      summary: 'One of the reader’s payments',
      access: 'patron',
      params,
      problems: ['payment-unknown'],
      responses: { 200: { description: 'The payment.', body: paymentDetail } },
    }).handle(async ({ caller, params: { id: paymentId }, language }) => ({
      status: 200,
      body: await seen(caller.id, paymentId, wordsFor(caller.library, language)),
    })),
    route({
      method: 'post',
      path: '/v1/me/payments/:id/return',
      summary: 'The reader has come back from the gateway',
      description:
        'The gateway is asked at once instead of being waited for. What it says is seen at the payment.',
      access: 'patron',
      params,
      problems: ['payment-unknown', 'engine-unavailable'],
      responses: { 200: { description: 'The payment as it stands.', body: paymentDetail } },
    }).handle(async ({ caller, params: { id: paymentId }, language, now }) => {
      const { id: patronId, library } = caller;
      const row = await readersPayment(deps.orm, patronId, paymentId);
      if (!row) throw problem('payment-unknown');
      const fresh = row.lookedAt !== null && now - row.lookedAt < lookAgainMs;
      if (row.means === 'online' && row.endedAt === null && !fresh)
        await deps.commands.followPayment({ paymentId, library, patronId });
      return { status: 200, body: paymentDetailBody(row, wordsFor(library, language)) };
    }),
    route({
      method: 'post',
      path: '/v1/me/payments/:id/cancellation',
      summary: 'Give a payment up',
      description:
        'Its fees can be paid in another way then. One that is paid online ends once the gateway has closed it; if it was paid meanwhile it is booked, as its state tells.',
      access: 'patron',
      idempotent: true,
      params,
      problems: ['payment-unknown', 'payment-ended', 'engine-unavailable'],
      responses: {
        200: { description: 'The payment as it stands.', body: paymentDetail },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: paymentId }, key, language }) => {
      const words = wordsFor(caller.library, language);
      await seen(caller.id, paymentId, words);
      const cancelled = deps.commands.cancelPayment(paymentId, { actor: caller.actor }, key.id);
      return answer(cancelled, `/v1/me/payments/${paymentId}`, async () => ({
        status: 200 as const,
        body: await seen(caller.id, paymentId, words),
      }));
    }),
  ];
}

function waysToPay({ gateways }: ApiDeps, words: Words, userGroup: string): z.input<typeof wayToPay>[] {
  const { money, code } = words.policy;
  const online = money.ways.online
    .filter((way) => gateways.has(code, way.code))
    .map((way) => ({
      means: 'online' as const,
      way: way.code,
      name: way.name[words.language] ?? way.code,
      minimum: moneyOf(words, way.minimumMinor),
      maximum: moneyOf(words, way.maximumMinor),
    }));
  return [...online, ...transferWaysToPay(words, userGroup)];
}

/** What operators see as the deadline from the start; it spares every payment a correction in its history. */
function expiryOf(
  policy: LibraryPolicy,
  { means, way }: z.output<typeof selection>,
  now: number,
): number | undefined {
  if (means !== 'online') return transferExpiry(policy, { means, way }, now)?.epochMilliseconds;
  const expires = policy.money.ways.online.find(({ code }) => code === way)?.expires;
  return expires === undefined ? undefined : now + Temporal.Duration.from(expires).total('milliseconds');
}
