import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { paymentMeans } from './payments.ts';
import { countsDays, duration, localised } from './policy-values.ts';

const userGroup = z.string().min(1);

/** Who gets a settlement slip (校内结算凭证) instead of a receipt: it is no invoice, and nobody reimburses it (P3). */
const slips = z.strictObject({
  userGroups: z.array(userGroup).min(1),
  means: z.array(z.enum(paymentMeans)).min(1),
});

const civil = duration.refine((text) => {
  try {
    return countsDays(Temporal.Duration.from(text));
  } catch {
    return true;
  }
}, 'count civil days here: P30D');

/** Invoices (P6). */
const invoices = z.strictObject({
  /** What is charged for can be invoiced when its cause is one of these; nothing else ever is. */
  causes: z.array(z.string().min(1)).min(1).default(['document-delivery']),
  /** Who may ask for one; everybody unless stated. */
  userGroups: z.array(userGroup).min(1).optional(),
  /** How long after a payment was settled an invoice can be asked for; civil days, the last one included. */
  within: civil.default('P90D'),
  /** ISO 3166: the country whose rule a tax number follows unless another is stated with it. */
  country: z.string().regex(/^[A-Z]{2}$/, 'write a country as DE'),
  /** The library's own tax number. */
  taxId: z.string().min(1).optional(),
  /** What the law wants said on an invoice: why no tax is shown, for example. */
  note: localised.optional(),
});

/** What a library hands out about money. */
export const documentsPolicy = z.strictObject({
  /** Who issues the documents, where that is not the library's own name; and the address that stands on them, one line each; the first branch's unless stated. */
  issuer: z
    .strictObject({
      name: localised.optional(),
      address: z.array(z.string().min(1)).min(1).max(5).optional(),
    })
    .prefault({}),
  slips: z.array(slips).default([]),
  invoices: z.union([z.literal('none'), invoices]).default('none'),
  /** What stands on top of the form of an internal transfer (P4): its title, and where its reader takes it. In the language of the office that reads it. */
  transferForm: z
    .strictObject({
      title: z.string().min(1).max(40).optional(),
      instruction: z.string().min(1).max(200).optional(),
    })
    .prefault({}),
});

export type DocumentsPolicy = z.output<typeof documentsPolicy>;
