import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The secret of a password link (A10), derived from the link's id and the installation's secret, so that it need never be stored and every process
 * that knows the installation's secret can write the link into a mail. base64url, 43 characters.
 */
export function passwordLinkSecret(secret: string, linkId: string): string {
  return createHmac('sha256', secret).update(`password-link:${linkId}`).digest('base64url');
}

/** Whether a given text is the link's secret; takes the same time whatever is wrong with it. */
export function isPasswordLinkSecret(secret: string, linkId: string, given: string): boolean {
  const expected = Buffer.from(passwordLinkSecret(secret, linkId));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}
