import { z } from 'zod';
import { id, instant, libraryCode } from './values.ts';

const scope = z
  .enum(['full', 'new-password', 'second-factor'])
  .describe(
    '`new-password`: the session can do nothing but set a new password; `second-factor`: nothing but set up the second factor.',
  );

/** A part of what signs in: how the session is to travel. */
export const inCookie = z
  .boolean()
  .default(false)
  .describe(
    'For pages in a browser: the token comes in a cookie that scripts cannot read, and `csrfToken` is sent back as `X-CSRF-Token` with every request that changes something. A session the browser had before ends.',
  );

const csrfToken = z
  .string()
  .describe(
    'Of a session in a cookie: to be sent as `X-CSRF-Token` with every request that changes something.',
  );

export const newSession = z
  .strictObject({
    token: z
      .string()
      .optional()
      .describe('Sent as `Authorization: Bearer …`. Told only here; not with a cookie.'),
    csrfToken: csrfToken.optional(),
    expiresAt: instant.describe('When the session ends at the latest.'),
    idle: z.string().describe('How long it lasts without being used: an ISO 8601 duration.'),
    scope,
    holderId: id,
  })
  .meta({ id: 'NewSession' });

export const session = z
  .strictObject({
    kind: z.enum(['patron', 'staff']),
    holderId: id,
    library: libraryCode,
    scope,
    roles: z.array(z.string()).optional().describe('Of staff.'),
    csrfToken: csrfToken.optional(),
    expiresAt: instant,
  })
  .meta({ id: 'Session' });

export const challenge = z
  .strictObject({
    challenge: z.string().describe('Told only here; for the second step.'),
    expiresAt: instant,
  })
  .meta({ id: 'SignInChallenge' });

export const signedIn = {
  description: 'Signed in.',
  body: newSession,
  headers: { Location: 'The session.', 'Set-Cookie': 'The session, where it is to travel in a cookie.' },
};

/** Of answers that give a session in a cookie another token. */
export const cookieHeader = {
  'Set-Cookie':
    'The session’s new token, where it travels in a cookie. `GET /v1/sessions/current` tells its `csrfToken`.',
};
