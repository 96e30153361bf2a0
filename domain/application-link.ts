import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link in a mail to an applicant is for: to see and go on with the application, or to confirm the address of one version of the form. */
export type ApplicationLink =
  | { readonly to: 'access'; readonly applicationId: string }
  | { readonly to: 'confirm'; readonly applicationId: string; readonly version: number };

/**
 * The secret of an applicant's link (A2, A11), derived from what it is for and the installation's secret, so that it is never stored. Whoever has the one to confirm has
 * read the mail. base64url, 43 characters.
 */
export function applicationSecret(secret: string, link: ApplicationLink): string {
  const about = link.to === 'confirm' ? `${link.applicationId}:${link.version}` : link.applicationId;
  return createHmac('sha256', secret).update(`application-${link.to}:${about}`).digest('base64url');
}

/** Whether a given text is the link's secret; takes the same time whatever is wrong with it. */
export function isApplicationSecret(secret: string, link: ApplicationLink, given: string): boolean {
  const expected = Buffer.from(applicationSecret(secret, link));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}
