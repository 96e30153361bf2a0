import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'mails');

/** The names of all mails kept here; each was written for these tests after the manner of a real system. */
export const mailNames: readonly string[] = readdirSync(folder).map((file) => file.replace(/\.eml$/, ''));

/** One of them, as it would have come to a return address. */
export function mailTo(name: string, returnAddress: string): Uint8Array {
  const text = readFileSync(join(folder, `${name}.eml`), 'latin1');
  return Buffer.from(text.replaceAll('{{return}}', returnAddress), 'latin1');
}
