import { z } from 'zod';
import { clockDuration } from './policy-values.ts';
import { returnAddress, returnToken, tokenPlace } from './return-address.ts';

const sample = returnToken('', '00000000-0000-0000-0000-000000000000');

/** `bounces+{token}@library.example`: where mail that cannot be delivered comes back to, with a place for what says which mail it was (N4). */
export const returnPath = z
  .string()
  .refine((pattern) => pattern.split(tokenPlace).length === 2, `must have ${tokenPlace} in it once`)
  .refine((pattern) => {
    const address = returnAddress(pattern, sample);
    return z.email().safeParse(address).success && address.indexOf('@') <= 64;
  }, 'is not a mail address, or has more than 64 characters before the @');

/** How the library deals with addresses and with mail that comes back (A11, N4). */
export const mailPolicy = z.strictObject({
  /** How long the link that confirms an address works. */
  confirmWithin: clockDuration.default('PT48H'),
  /** Mails in a row that could not be delivered for reasons that may pass, after which the address counts as failing. */
  softBounces: z.int().min(1).max(20).default(3),
});
