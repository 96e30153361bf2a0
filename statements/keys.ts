import { createHash } from 'node:crypto';
import type { ParsedEntry, ParsedStatement } from './model.ts';

const hash = (parts: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(parts, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)))
    .digest('base64url');

/**
 * What an entry says, as one short text: two that say the same have the same. Blanks do not count, since banks break lines differently from file to file.
 */
export function contentOf(entry: ParsedEntry): string {
  const { bookedOn, valueOn, amount, currency, charges, kind, code } = entry;
  const texts = [
    entry.endToEnd,
    entry.reference,
    entry.remittance,
    entry.payerName,
    entry.payerAccount,
    entry.bankRef,
    entry.returnReason,
    entry.batch,
  ];
  const bare = texts.map((text) => text?.replaceAll(/\s/gu, '') ?? '');
  return hash([bookedOn, valueOn, amount, currency, charges, kind, code, ...bare]);
}

/** The key of the n-th (from 0) of the entries of an account that say the same. */
export const keyOf = (content: string, n: number): string => `${content}.${n}`;

/** What a key says about which entry: its content, and its number among those that say the same. */
export function readKey(key: string): { readonly content: string; readonly n: number } {
  const [content = '', n = '0'] = key.split('.');
  return { content, n: Number(n) };
}

/**
 * What makes a statement the one it is: the bank's id and numbers, its days and balances. One without balances and id – a plain list – is what its lines say.
 */
export function identityOf(statement: ParsedStatement, contents: readonly string[]): string {
  const { bankId, sequence, page, opening, closing } = statement;
  const balances = [opening?.on, opening?.minor, closing?.on, closing?.minor];
  return hash([bankId, sequence, page, ...balances, ...(bankId === null ? contents : [])]);
}

export const fileHash = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
