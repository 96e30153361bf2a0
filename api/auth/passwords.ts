import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's first choice for argon2id; about 50 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash of nothing anybody knows, of the same cost: verified in place of the hash an unknown card does not have. */
const nobodys =
  '$argon2id$v=19$m=19456,t=2,p=1$KsxsbRzROIGF9n61owt1FQ$6Y1PgNX8q10ONaNLuQMBaIIZH6bdHvxObSIjdW5poww';

/** How long a password that the desk has given out can be used, in milliseconds. */
export const oneTimeLasts = 24 * 3_600_000;

/** The same letters hash alike, however a keyboard composes them. */
const composed = (password: string) => password.normalize('NFC');

/** argon2id, as a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(composed(password), cost);
}

/** Whether the password is the stored one's. Without a stored hash it takes as long and is false. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(stored ?? nobodys, composed(password));
  return stored !== undefined && matches;
}

/** Without letters and digits that are mistaken for others when read aloud. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password for the desk to hand over: letters and digits as every policy takes them, as long as the policy needs. */
export function randomPassword(policy: { readonly min: number; readonly max?: number | undefined }): string {
  const length = Math.min(Math.max(policy.min, 10), policy.max ?? Number.POSITIVE_INFINITY);
  return Array.from({ length }, () => readable[randomInt(readable.length)]).join('');
}
