import { z } from 'zod';
import { voucherDecisions, voucherStates } from '../../domain/vouchers.ts';
import { paymentStates } from '../../domain/payments.ts';
import { money, remark } from './desk.ts';
import { actor } from './story.ts';
import { id, instant, line } from './values.ts';

const voucher = z.strictObject({
  id,
  givenAs: z.enum(['file', 'paper']),
  state: z.enum(voucherStates),
  givenAt: instant,
  decidedAt: instant.nullable(),
  reason: z.string().nullable().describe('Why it was refused, in staff’s words.'),
  mediaType: z
    .enum(['image/jpeg', 'application/pdf'])
    .nullable()
    .describe('Null of a paper, and once the file has been tidied away.'),
  bytes: z.int().nullable(),
  pages: z.int().nullable(),
});

/** Proof of a payment as its reader sees it. */
export const readersVouchers = z
  .strictObject({
    paymentId: id,
    state: z.enum(paymentStates),
    items: z.array(voucher),
  })
  .meta({ id: 'Vouchers' });

/** Proof of a payment as staff see it. */
export const staffVouchers = z
  .strictObject({
    paymentId: id,
    state: z.enum(paymentStates),
    total: money,
    reference: z.string().nullable(),
    items: z.array(
      voucher.extend({
        decidedBy: actor.nullable(),
        alsoFor: z
          .array(z.string())
          .describe('References of other payments for which the same picture was given: look closely.'),
      }),
    ),
  })
  .meta({ id: 'StaffVouchers' });

export const voucherDecision = z.strictObject({
  decision: z
    .enum(voucherDecisions)
    .describe(
      '`accept`: the payment is settled; `refuse`: the reader may send another; `refuse-for-good`: the payment ends.',
    ),
  seen: z
    .array(id)
    .min(1)
    .max(50)
    .describe(
      'The vouchers that were looked at, all that are shown or those that wait: if another has come meanwhile, nothing is decided.',
    ),
  reason: remark.optional().describe('Of a refusal: told to the reader.'),
});

const stated = line(120).nullable().default(null);

/** Who will pay. */
export const payer = z
  .strictObject({
    name: stated.describe('As it will stand on the bank’s statement, where it is not the reader’s.'),
    unit: stated.describe('Of an internal transfer: the unit that pays.'),
    departmentCode: stated,
    projectCode: stated,
  })
  .meta({ id: 'Payer' });

/** What is needed for a transfer. */
export const instructions = z
  .strictObject({
    means: z.enum(['bank', 'transfer']),
    total: money,
    reference: z.string().describe('As it is shown to people: `K7M-2X9-QA4`.'),
    expiresAt: instant.nullable(),
    bank: z
      .strictObject({
        holder: z.string(),
        bank: z.string().nullable(),
        branch: z.string().nullable(),
        account: z.string().describe('Number, or IBAN in groups of four.'),
        bic: z.string().nullable(),
        purpose: z.string().describe('To be written exactly like this: it has the reference in it.'),
        qr: z
          .string()
          .nullable()
          .describe(
            'The text of a QR code from which banks’ apps fill in the transfer (GiroCode); euros only.',
          ),
      })
      .nullable(),
    transfer: z
      .strictObject({
        unit: z.string(),
        departmentCode: z.string(),
        projectCode: z.string(),
        purpose: z.string(),
        form: z.string().describe('Path of the form as PDF.'),
      })
      .nullable(),
    vouchers: z
      .enum(['checked', 'taken', 'none'])
      .describe(
        '`checked`: staff decide on a photo or PDF of the voucher, and accepting it settles the payment; `taken`: one helps to find the money; `none`: not asked for.',
      ),
    payer,
  })
  .meta({ id: 'TransferInstructions' });
