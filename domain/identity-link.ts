import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The secret that goes with a verified identity (A1) to the browser that has had it verified, derived from its id and the installation's secret, so that it need never
 * be stored. base64url, 43 characters.
 */
export function identitySecret(secret: string, identityId: string): string {
  return createHmac('sha256', secret).update(`verified-identity:${identityId}`).digest('base64url');
}

/** Whether a given text is the identity's secret; takes the same time whatever is wrong with it. */
export function isIdentitySecret(secret: string, identityId: string, given: string): boolean {
  const expected = Buffer.from(identitySecret(secret, identityId));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}
