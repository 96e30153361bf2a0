import type { Browser } from './browser.ts';
import type { SessionRequest } from './sessions.ts';

/**
 * How a new session is to travel. One in a cookie replaces what the browser had before (session fixation), and a page of another site must not sign its visitor in
 * (login CSRF): throws `cross-site`.
 */
export function wayOf(cookie: boolean, browser: Browser): Pick<SessionRequest, 'transport' | 'replaces'> {
  if (!cookie) return { transport: 'bearer' };
  browser.checkProvenance();
  return { transport: 'cookie', replaces: browser.session };
}
