import { createHash } from 'node:crypto';
import type { Language } from './languages.ts';
import type { NoticePreferences } from './notice-preferences.ts';
import { type PatronField, patronFields } from './policy-accounts.ts';

/**
 * What is kept about a reader and can be changed by hand (A6, A12). Dates are `YYYY-MM-DD`; amounts are minor units of the library's currency; an overdraft of
 * null is none.
 */
export interface PatronData {
  readonly name: string;
  readonly birthDate: string | null;
  readonly phone: string | null;
  readonly language: Language;
  readonly login: string | null;
  readonly details: Readonly<Record<string, string>>;
  readonly userGroup: string;
  readonly expiresOn: string | null;
  readonly overdraftLimit: number | null;
  readonly deposit: number;
  readonly permissions: readonly string[];
  readonly noticePreferences: NoticePreferences;
}

/** The same text for the same value, whatever the order of keys and of a list's codes. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (Array.isArray(part)) return (part as string[]).toSorted((a, b) => (a < b ? -1 : 1));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Names a state of the data: two that differ in anything have different versions. */
export function versionOf(data: PatronData): string {
  return createHash('sha256').update(canonical(data)).digest('base64url').slice(0, 22);
}

/** The fields of `wanted` that are not so already, in the order of `patronFields`. */
export function changedFields(data: PatronData, wanted: Partial<PatronData>): PatronField[] {
  return patronFields.filter(
    (field) => wanted[field] !== undefined && canonical(wanted[field]) !== canonical(data[field]),
  );
}

/** These fields of the data by themselves. */
export function pick(data: Partial<PatronData>, fields: readonly PatronField[]): Partial<PatronData> {
  return Object.fromEntries(fields.map((field) => [field, data[field]]));
}
