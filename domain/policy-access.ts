import { z } from 'zod';
import type { NoticeKind } from './kinds.ts';
import { clockDuration, pattern } from './policy-values.ts';

/** What a reader's password must be. A library that states nothing gets the strict rule: 12 characters, none of the common ones (A8). */
export const passwordPolicy = z
  .strictObject({
    min: z.int().min(1).default(12),
    max: z.int().max(128).optional(),
    characters: z.enum(['letters-digits', 'any']).default('any'),
    refuseCommon: z.boolean().default(true),
    refuseBirthDate: z.literal(true).default(true),
  })
  .refine((given) => given.max === undefined || given.max >= given.min, {
    path: ['max'],
    message: 'max is less than min',
  });

export type PasswordPolicy = z.output<typeof passwordPolicy>;

/** Card numbers: a regular expression for the whole number, and an example to show beside the field. */
export const cardPolicy = z
  .strictObject({ pattern, example: z.string().min(1) })
  .refine(
    (given) =>
      !pattern.safeParse(given.pattern).success ||
      new RegExp(`^(?:${given.pattern})$`, 'u').test(given.example),
    {
      path: ['example'],
      message: 'the example does not match the pattern',
    },
  );

const lock = { failures: z.int().min(1), lock: clockDuration };

/** Sign-in failures in a row after which a card, or an address, is locked, and for how long (A10). */
export const lockOutPolicy = z.strictObject({
  failures: lock.failures.default(5),
  lock: lock.lock.default('PT30M'),
  perAddress: z
    .strictObject({ failures: lock.failures.default(30), lock: lock.lock.default('PT30M') })
    .prefault({}),
});

const session = (idle: string, absolute: string) =>
  z
    .strictObject({ idle: clockDuration.default(idle), absolute: clockDuration.default(absolute) })
    .prefault({});

/** How long a sign-in lasts: since it was last used, and in all. */
export const sessionPolicy = z.strictObject({
  patron: session('PT30M', 'PT12H'),
  staff: session('PT30M', 'PT12H'),
});

/** How each kind of notice goes out: by mail, shown in the reader's account only, or not at all. */
const delivery = z.enum(['mail', 'message', 'off']);

export type NoticeDelivery = z.output<typeof delivery>;

export const noticePolicy = z.strictObject({
  placed: delivery.default('message'),
  secured: delivery.default('mail'),
  lapsed: delivery.default('mail'),
  cancelled: delivery.default('mail'),
  'passed-over': delivery.default('mail'),
  'due-soon': delivery.default('mail'),
  overdue: delivery.default('mail'),
  'password-link': z.literal('mail').default('mail'),
  'application-confirm': z.literal('mail').default('mail'),
  'application-received': z.literal('mail').default('mail'),
  'application-question': z.literal('mail').default('mail'),
  'application-rejected': z.literal('mail').default('mail'),
  'application-refused': z.literal('mail').default('mail'),
  'application-approved': z.literal('mail').default('mail'),
  'application-merged': z.literal('mail').default('mail'),
  'application-lapsed': z.literal('mail').default('mail'),
  'application-overdue': z.literal('mail').default('mail'),
  'confirm-email': z.literal('mail').default('mail'),
  'email-registered': delivery.default('mail'),
  'email-changed': z.literal('mail').default('mail'),
  'email-failing': z.literal('message').default('message'),
  'test-mail': z.literal('mail').default('mail'),
  'family-linked': delivery.default('message'),
  'family-unlinked': delivery.default('message'),
  'family-consent': delivery.default('mail'),
  'family-consent-ended': delivery.default('mail'),
  'membership-due': delivery.default('mail'),
  'reconciliation-differs': z.literal('mail').default('mail'),
  'library-settlement': z.literal('mail').default('mail'),
  'dispute-decided': delivery.default('mail'),
  'payment-received': delivery.default('mail'),
  'payment-short': delivery.default('mail'),
  'payment-double': delivery.default('mail'),
  'payment-returned': delivery.default('mail'),
  'payment-instructions': delivery.default('mail'),
  'payment-expiring': delivery.default('mail'),
  'voucher-refused': delivery.default('mail'),
  'invoice-issued': delivery.default('mail'),
  'ill-submitted': delivery.default('message'),
  'ill-promised': delivery.default('message'),
  'ill-asked': delivery.default('mail'),
  'ill-unfilled': delivery.default('mail'),
  'ill-cancelled': delivery.default('mail'),
  'ill-cancel-refused': delivery.default('mail'),
  'ill-rejected': delivery.default('mail'),
  'ill-form': z.literal('mail').default('mail'),
  'ill-arrived': delivery.default('mail'),
  'ill-sent': delivery.default('mail'),
  'ill-unusable': delivery.default('mail'),
  'ill-renewed': delivery.default('mail'),
  'ill-not-renewed': delivery.default('mail'),
  'ill-recalled': delivery.default('mail'),
  'ill-overdue': delivery.default('mail'),
  'ill-lost': delivery.default('mail'),
  'ill-due-soon': delivery.default('mail'),
  'ill-document': delivery.default('mail'),
  'ill-document-held': delivery.default('mail'),
  'ill-document-expired': delivery.default('mail'),
} satisfies Record<NoticeKind, z.ZodType>);
