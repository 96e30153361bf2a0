import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The secret of the link that confirms an e-mail address (A11), derived from the confirmation's id and the installation's secret, so that it need never be
 * stored. base64url, 43 characters. It works once and until the confirmation expires; both stand in the row.
 */
export function emailLinkSecret(secret: string, confirmationId: string): string {
  return createHmac('sha256', secret).update(`email-confirmation:${confirmationId}`).digest('base64url');
}

/** Whether a given text is the link's secret; takes the same time whatever is wrong with it. */
export function isEmailLinkSecret(secret: string, confirmationId: string, given: string): boolean {
  const expected = Buffer.from(emailLinkSecret(secret, confirmationId));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}
