import type { ApiSettings } from '../deps.ts';
import { iso } from '../schemas/values.ts';
import { sessionCookie } from './cookies.ts';
import { createCsrf } from './csrf.ts';
import type { NewSession } from './sessions.ts';
import { hashToken } from './tokens.ts';

/** Answers a sign-in: with the token, or with a cookie that has it and the token against cross-site requests. */
export function createSessionReply({ secret, publicUrl }: Pick<ApiSettings, 'secret' | 'publicUrl'>) {
  const cookie = sessionCookie(publicUrl);
  const csrf = createCsrf(secret, publicUrl);

  return ({ token, transport, holderId, scope, idle, expiresAt }: NewSession) => {
    const inCookie = transport === 'cookie';
    return {
      status: 201 as const,
      headers: {
        Location: '/v1/sessions/current',
        ...(inCookie && { 'Set-Cookie': cookie.set(token) }),
      },
      body: {
        ...(inCookie ? { csrfToken: csrf.token(hashToken(token)) } : { token }),
        expiresAt: iso(expiresAt),
        idle,
        scope,
        holderId,
      },
    };
  };
}
