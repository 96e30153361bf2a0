import { createHmac, timingSafeEqual } from 'node:crypto';
import { problem } from '../problem.ts';
import { derivedKey } from './derived-key.ts';

/** What a browser says of where a request comes from; a page cannot forge either. */
export interface Provenance {
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Keeps pages of other sites from acting with a reader's cookie. */
export interface Csrf {
  /** What the portal sends as `X-CSRF-Token`: bound to the session, so that one session's is of no use with another. */
  readonly token: (session: Buffer) => string;
  /** Throws `cross-site` when the browser says that the request comes from a page of another site, host or scheme. */
  readonly checkProvenance: (given: Provenance) => void;
  /** Throws `cross-site` unless the method changes nothing, or the request comes from this site and brings the session's token. */
  readonly check: (
    method: string,
    session: Buffer,
    given: Provenance & { token: string | undefined },
  ) => void;
}

export function createCsrf(secret: string, publicUrl: string): Csrf {
  const key = derivedKey(secret, 'csrf');
  const own = new URL(publicUrl).origin;
  const token = (session: Buffer) => createHmac('sha256', key).update(session).digest('base64url');

  const checkProvenance = ({ secFetchSite, origin }: Provenance) => {
    const foreign =
      secFetchSite === undefined ? origin !== undefined && origin !== own : secFetchSite !== 'same-origin';
    if (foreign) throw problem('cross-site');
  };

  return {
    token,
    checkProvenance,
    check: (method, session, given) => {
      if (safe.has(method)) return;
      checkProvenance(given);
      const expected = Buffer.from(token(session));
      const candidate = Buffer.from(given.token ?? '');
      if (candidate.length !== expected.length || !timingSafeEqual(candidate, expected))
        throw problem('cross-site');
    },
  };
}
