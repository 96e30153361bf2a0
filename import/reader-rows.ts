import { z } from 'zod';
import { languages } from '../domain/languages.ts';
import { isCardNumber, type LibraryPolicy } from '../domain/policy.ts';
import type { RowFormat } from './rows.ts';
import { date, oneOf, text } from './values.ts';

export type ReaderRules = Pick<LibraryPolicy, 'card' | 'userGroups' | 'language'>;

function readerShape(policy: ReaderRules) {
  const cardRule = `must be a card number such as ${policy.card.example}`;
  const libraryLanguage = z.null().transform(() => policy.language);
  return z.strictObject({
    card: text(50).refine((card) => isCardNumber(policy, card), cardRule),
    name: text(200),
    group: oneOf(policy.userGroups.map((group) => group.code)),
    birth_date: date.nullable().optional(),
    email: z.email('is no e-mail address').max(254, 'is longer than 254 characters').nullable().optional(),
    phone: z
      .string()
      .regex(/^[+\d][\d\s()/.-]{2,29}$/u, 'is no phone number')
      .nullable()
      .optional(),
    language: z
      .union([z.enum(languages), libraryLanguage], `must be one of ${languages.join(', ')}`)
      .optional(),
    expires_on: date.nullable().optional(),
    paid_until: date.nullable().optional(),
  });
}

/** A reader as the file states them; dates are `YYYY-MM-DD` in the library's zone. A column that the file does not have is not there. */
export type ReaderRow = z.output<ReturnType<typeof readerShape>>;

/**
 * Readers: `card` (as the library's cards are numbered, A8), `name`, `group` (a code of the library's policy); optional `birth_date`, `email`, `phone`,
 * `language` (ja, zh, de, en; the library's where nothing is said), `expires_on`, `paid_until`.
 */
export function readerRows(policy: ReaderRules): RowFormat<ReaderRow> {
  return {
    columns: {
      required: ['card', 'name', 'group'],
      optional: ['birth_date', 'email', 'phone', 'language', 'expires_on', 'paid_until'],
    },
    schema: readerShape(policy),
    key: { column: 'card', as: 'card' },
  };
}
