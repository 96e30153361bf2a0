import { z } from 'zod';
import { clockDuration, duration, localised } from './policy-values.ts';

const common = {
  /** Names the way in addresses and in the books. */
  code: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: localised,
  /** Who is offered it; everybody unless stated. */
  userGroups: z.array(z.string().min(1)).min(1).optional(),
  /** How long the money is waited for; civil days, the last one included. */
  expires: duration.default('P60D'),
  /** How long before that the reader is reminded. */
  remindBefore: duration.default('P7D'),
  minimumMinor: z.int().min(1).default(1),
  maximumMinor: z.int().min(1).default(100_000_000),
};

/** By when the cashier decides on a voucher: in so many working days of the library. */
const check = z.strictObject({ within: z.int().min(1).max(60).default(2) }).prefault({});

/** An internal transfer between units of one institution (校内转账单, P4): a form, its stamped voucher, and staff who accept it. Booked into `transfer:<code>`. */
export const transferWay = z.strictObject({
  ...common,
  /** To whom it goes: what stands on the form. */
  payee: z.strictObject({
    unit: z.string().min(1),
    departmentCode: z.string().min(1),
    projectCode: z.string().min(1),
  }),
  /** What it is for, as the institution's own office reads it. */
  purpose: z.string().min(1),
  check,
});

/** An ISO 13616 account number: its check digits are right. */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/u.test(text)) return false;
  const digits = `${text.slice(4)}${text.slice(0, 4)}`.replaceAll(/[A-Z]/gu, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return Array.from(digits).reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

/** A bank transfer to the library's account (P5), found on its statement. Booked into `bank:<account>`. */
export const bankWay = z
  .strictObject({
    ...common,
    /** The account's code in the books, by which its statements are read too. */
    account: z.string().regex(/^[a-z][a-z0-9-]*$/),
    holder: z.string().min(1).max(70),
    bank: z.string().min(1).optional(),
    /** For example the campus that the bank asks for. */
    branch: z.string().min(1).optional(),
    /** The account's number where it has no IBAN. */
    number: z.string().min(1).optional(),
    iban: z
      .string()
      .transform((text) => text.replaceAll(' ', ''))
      .refine(isIban, 'not an IBAN: its check digits are wrong')
      .optional(),
    bic: z
      .string()
      .regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/u, 'not a BIC')
      .optional(),
    /** What the payer writes before the reference; the bank reads it, so it is in one language. */
    purpose: z.string().min(1).max(60),
    /** What a photo of the bank's slip does: none is taken; it is taken, and only the statement settles the payment; staff decide on it, and what they accept is paid. */
    slips: z.enum(['none', 'taken', 'checked']).default('taken'),
    check,
  })
  .refine((way) => (way.iban === undefined) !== (way.number === undefined), {
    path: ['number'],
    message: 'state either iban or number',
  });

/** What may be uploaded as proof of a payment. */
export const uploadsPolicy = z.strictObject({
  maxBytes: z.int().min(10_000).max(25_000_000).default(10_000_000),
  /** Of a PDF. */
  maxPages: z.int().min(1).max(20).default(5),
  /** Files of one payment that wait for staff. */
  perPayment: z.int().min(1).max(20).default(5),
  /** Files, readable or not, of one reader in a day. */
  perDay: z.int().min(1).max(1000).default(20),
  /** How long they are kept; civil days. */
  keep: duration.default('P1Y'),
  /** How long reading one may take. */
  within: clockDuration.default('PT20S'),
});

export type TransferWay = z.output<typeof transferWay>;
export type BankWay = z.output<typeof bankWay>;
export type UploadsPolicy = z.output<typeof uploadsPolicy>;
