import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link gives: a reader's document, by the issue of its link (I14), or a copy that another library fetches from us. */
export type DocumentLink =
  | { readonly to: 'reader'; readonly documentId: string; readonly issue: number }
  | { readonly to: 'peer'; readonly documentId: string };

/**
 * The secret of a link to a document, derived from what it gives and the installation's secret, so that it is never stored. A link that is issued anew has another
 * secret, so the one before is worth nothing. base64url, 43 characters.
 */
export function documentSecret(secret: string, link: DocumentLink): string {
  const about = link.to === 'reader' ? `${link.documentId}:${link.issue}` : link.documentId;
  return createHmac('sha256', secret).update(`document-${link.to}:${about}`).digest('base64url');
}

/** Whether a given text is the link's secret; takes the same time whatever is wrong with it. */
export function isDocumentSecret(secret: string, link: DocumentLink, given: string): boolean {
  const expected = Buffer.from(documentSecret(secret, link));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}

/** What stands in the address under which another library fetches a copy. */
export function suppliedToken(secret: string, documentId: string): string {
  return `${documentId}.${documentSecret(secret, { to: 'peer', documentId })}`;
}

const tokenForm = /^(?<id>[0-9a-f-]{36})\.(?<given>[\w-]{43})$/u;

/** The document that a token is for; undefined for anything that is none of ours. */
export function readSuppliedToken(secret: string, token: string): string | undefined {
  const { id, given } = tokenForm.exec(token)?.groups ?? {};
  if (id === undefined || given === undefined) return undefined;
  return isDocumentSecret(secret, { to: 'peer', documentId: id }, given) ? id : undefined;
}
