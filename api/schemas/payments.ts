import { z } from 'zod';
import { paymentMeans, paymentStates } from '../../domain/payments.ts';
import { money } from './desk.ts';
import { id, instant } from './values.ts';
import { place } from './words.ts';

/** A way to pay that a reader can choose. */
export const wayToPay = z
  .strictObject({
    means: z.enum(paymentMeans),
    way: z.string().describe('Its code, to be given when a payment is begun.'),
    name: z.string().describe('In the reader’s language.'),
    minimum: money.nullable(),
    maximum: money.nullable(),
  })
  .meta({ id: 'WayToPay' });

/** A payment with where its money stands. */
export const paymentDetail = z
  .strictObject({
    id,
    means: z.enum(paymentMeans),
    meansName: z.string(),
    way: z.string().nullable(),
    state: z
      .enum(paymentStates)
      .describe(
        '`open`: the money is to come; `submitted`: proof of it waits for staff; `settled`: booked; `refused`, `expired`, `cancelled`: ended without money. Money that comes after an end is booked, and settles the payment.',
      ),
    stateName: z.string(),
    total: money.describe('What was shown, and agreed to.'),
    prepaid: money.describe('The part of it that is for the balance.'),
    received: money.describe('What has come.'),
    lines: z.array(z.strictObject({ chargeId: id, causeName: z.string(), amount: money })),
    begunAt: instant,
    expiresAt: instant.nullable(),
    endedAt: instant.nullable(),
    reversedAt: instant
      .nullable()
      .describe('When it was taken back as a mistake; what it paid is open again.'),
    branch: place.nullable().describe('At whose desk it was paid.'),
    reference: z.string().nullable().describe('What the payer writes into a transfer.'),
    checkoutUrl: z
      .string()
      .nullable()
      .describe(
        'Where it is paid online: send the reader’s browser there. Null while the gateway has not answered, and at an end.',
      ),
    booking: z.boolean().describe('The gateway tells that it is paid; it is being booked.'),
    cancelling: z
      .boolean()
      .describe(
        'It was given up, and ends once the gateway has closed it; if it was paid meanwhile, it is booked.',
      ),
  })
  .meta({ id: 'PaymentDetail' });
