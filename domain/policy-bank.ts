import { z } from 'zod';
import type { StatementFormat } from './bank.ts';
import { csvFormat } from './policy-statements.ts';
import { isIban } from './policy-transfers.ts';
import { duration } from './policy-values.ts';

const none = z.literal('none');

const plain = (text: string) => text.replaceAll(/[\s-]/gu, '').toUpperCase();

/**
 * An account whose statements are read (P9). `code` names it in the books (`bank:<code>`) and in `ways.bank`; `iban`, or `numbers` as statements write it (`25100500/1234567`),
 * is how a statement's account is told. What is not offered under `formats` is refused; one account's files come in one format at a time.
 */
const bankAccount = z
  .strictObject({
    code: z.string().regex(/^[a-z][a-z0-9-]*$/),
    holder: z.string().min(1),
    iban: z.string().transform(plain).refine(isIban, 'not an IBAN: its check digits are wrong').optional(),
    numbers: z.array(z.string().min(1).transform(plain)).default([]),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    formats: z
      .strictObject({
        camt: z.boolean().default(true),
        mt940: z
          .union([
            none,
            z.strictObject({
              encoding: z.enum(['windows-1252', 'gb18030', 'shift_jis']).default('windows-1252'),
            }),
          ])
          .default('none'),
        csv: z.union([none, csvFormat]).default('none'),
      })
      .prefault({}),
  })
  .refine(({ iban, numbers }) => iban !== undefined || numbers.length > 0, {
    path: ['iban'],
    message: 'state iban or numbers',
  });

export type BankAccountPolicy = z.output<typeof bankAccount>;

/** The library's accounts at banks, and how their statements are taken in (P9). */
export const bankPolicy = z
  .strictObject({
    accounts: z.array(bankAccount).default([]),
    /** A statement that does not join the one before: taken in and reported as a task, or refused. */
    onGap: z.enum(['report', 'refuse']).default('report'),
    /** How long a file's own text is kept after it was taken in; civil days. */
    keepFiles: duration.default('P1Y'),
  })
  .refine(
    ({ accounts }) => new Set(accounts.map(({ code }) => code)).size === accounts.length,
    'an account is stated twice',
  );

export type BankPolicy = z.output<typeof bankPolicy>;

/** Finds the account that a statement is of: by IBAN, by a number, or by a number with its currency behind it, as MT940 has it. */
export function findAccount(
  policy: BankPolicy,
  stated: string,
  currency: string,
): BankAccountPolicy | undefined {
  const given = plain(stated);
  const forms = [given, given.endsWith(currency) ? given.slice(0, -currency.length) : given];
  return policy.accounts.find(({ iban, numbers }) =>
    forms.some((form) => form === iban || numbers.includes(form)),
  );
}

/** Whether an account's files may come in a format. */
export function takesFormat({ formats }: BankAccountPolicy, format: StatementFormat): boolean {
  return format === 'camt' ? formats.camt : formats[format] !== 'none';
}
