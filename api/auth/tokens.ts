import { createHash, randomBytes } from 'node:crypto';

/** A new bearer token: 256 random bits, base64url. Only its hash is ever kept. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The form in which a token is stored and looked up. A random token needs no slow hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The token in an `Authorization` header; undefined when there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9_-]{43}) *$/i.exec(header ?? '')?.[1];
}
