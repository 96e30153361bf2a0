import { z } from 'zod';
import type { NoticeKind } from './kinds.ts';
import { localised } from './policy-values.ts';
import { staffRoles } from './roles.ts';

/** What is kept about a reader and can be changed by hand; the e-mail address has a way of its own (A11), so has the paid-until date (F3). */
export const patronFields = [
  'name',
  'birthDate',
  'phone',
  'language',
  'login',
  'details',
  'userGroup',
  'expiresOn',
  'overdraftLimit',
  'deposit',
  'permissions',
  'noticePreferences',
] as const;

export type PatronField = (typeof patronFields)[number];

/** What a library can leave to its readers. */
const ownFields = ['name', 'phone', 'language', 'noticePreferences'] as const;

/**
 * What an account may do beyond borrowing (A7): its name, which roles grant it – an administrator always does –, and to whom a reader without it turns, in
 * words and with a telephone number, the library's own where none is given.
 */
const permission = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a permission has small letters, digits and hyphens'),
  name: localised,
  grantedBy: z.array(z.enum(staffRoles)).min(1).default(['ill-librarian']),
  contact: localised,
  phone: z.string().min(1).optional(),
});

export type Permission = z.output<typeof permission>;

export const permissionsPolicy = z
  .array(permission)
  .refine((given) => new Set(given.map(({ code }) => code)).size === given.length, {
    message: 'a permission is stated twice',
  });

const fields = (standard: readonly PatronField[]) => z.array(z.enum(patronFields)).default([...standard]);

/** Who may change what of a reader's data (A6, A12, A13); an administrator may change all of it. */
export const editsPolicy = z.strictObject({
  reader: z.array(z.enum(ownFields)).default(['phone', 'language', 'noticePreferences']),
  desk: fields(['phone', 'language', 'noticePreferences']),
  'ill-librarian': fields(['permissions', 'expiresOn', 'overdraftLimit', 'deposit']),
  cashier: fields([]),
});

export type EditsPolicy = z.output<typeof editsPolicy>;

/** Of these a reader may choose between a mail and the account alone; of everything else the library decides (A12). */
export const choosable = [
  'placed',
  'lapsed',
  'cancelled',
  'passed-over',
  'due-soon',
  'payment-received',
  'invoice-issued',
] as const satisfies readonly NoticeKind[];

export const noticeChoicesPolicy = z.array(z.enum(choosable)).default([...choosable]);
