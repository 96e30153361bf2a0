import type { Request } from 'express';
import type { ApiSettings } from '../deps.ts';
import { sessionCookie } from './cookies.ts';
import { createCsrf } from './csrf.ts';
import { presented } from './presented.ts';
import type { Presented } from './presented.ts';
import { hashToken } from './tokens.ts';

/** What a request's headers say of sessions. */
export interface Browser {
  /** The one token the request brings; throws as `presented` does. */
  readonly presented: () => Presented | undefined;
  /** The session of the cookie the request came with, whether or not it still lasts; a new sign-in in the browser ends it. */
  readonly session: Buffer | undefined;
  /** Throws `cross-site` when a page of another site sent this. */
  readonly checkProvenance: () => void;
  /** Throws `cross-site` when this would change something, and does not come with the session's token from a page of this site. */
  readonly checkCsrf: (session: Buffer) => void;
}

/** Reads requests as `PUBLIC_URL` and the installation's secret say. */
export function createBrowserOf({
  secret,
  publicUrl,
}: Pick<ApiSettings, 'secret' | 'publicUrl'>): (request: Request) => Browser {
  const cookie = sessionCookie(publicUrl);
  const csrf = createCsrf(secret, publicUrl);

  return (request) => {
    const { authorization, cookie: cookies, origin } = request.headers;
    const [token] = cookie.read(cookies);
    const provenance = { secFetchSite: request.get('sec-fetch-site'), origin };
    return {
      presented: () => presented({ authorization, cookie: cookies }, cookie),
      session: token === undefined ? undefined : hashToken(token),
      checkProvenance: () => csrf.checkProvenance(provenance),
      checkCsrf: (session) =>
        csrf.check(request.method, session, { ...provenance, token: request.get('x-csrf-token') }),
    };
  };
}
