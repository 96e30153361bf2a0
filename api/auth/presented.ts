import type { SessionTransport } from '../../db/entities/index.ts';
import { problem } from '../problem.ts';
import type { SessionCookie } from './cookies.ts';
import { bearerToken } from './tokens.ts';

/** The token a request brings, and how. */
export interface Presented {
  readonly token: string;
  readonly transport: SessionTransport;
}

/**
 * Reads the one token a request brings in `Authorization` or in the session cookie; undefined without one. A request with both, or with several cookies of the name,
 * could be taken for either holder's: it is refused (`two-credentials`). Throws `unauthenticated` for an `Authorization` that is no bearer token.
 */
export function presented(
  {
    authorization,
    cookie,
  }: { readonly authorization?: string | undefined; readonly cookie?: string | undefined },
  sessions: SessionCookie,
): Presented | undefined {
  const cookies = sessions.read(cookie);
  if (cookies.length + (authorization === undefined ? 0 : 1) > 1) throw problem('two-credentials');
  const [token] = cookies;
  if (token !== undefined) return { token, transport: 'cookie' };
  if (authorization === undefined) return undefined;
  const bearer = bearerToken(authorization);
  if (bearer === undefined) throw problem('unauthenticated');
  return { token: bearer, transport: 'bearer' };
}
