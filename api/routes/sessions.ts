import { z } from 'zod';
import { inTransaction } from '../../db/transaction.ts';
import { networkOf } from '../auth/address.ts';
import { sessionCookie } from '../auth/cookies.ts';
import { createCsrf } from '../auth/csrf.ts';
import { createSessionReply } from '../auth/session-reply.ts';
import { revokeSession, revokeSessions } from '../auth/sessions.ts';
import { createSignIn } from '../auth/sign-in.ts';
import { wayOf } from '../auth/way.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { inCookie, session, signedIn } from '../schemas/sessions.ts';
import { nameOf, namedOnce, namedOnceElse, readerName } from '../schemas/sign-in-name.ts';
import { iso, password } from '../schemas/values.ts';

const ended = {
  204: { description: 'Ended.', headers: { 'Set-Cookie': 'Takes the session’s cookie away.' } },
};

/** Signing in for readers, and signing out for everyone (A8–A10). */
export function sessionRoutes(deps: ApiDeps): Route[] {
  const signIn = createSignIn(deps);
  const reply = createSessionReply(deps.config);
  const csrf = createCsrf(deps.config.secret, deps.config.publicUrl);
  const cookie = sessionCookie(deps.config.publicUrl);

  const withoutCookie = ({ transport }: Caller) =>
    transport === 'cookie' ? { headers: { 'Set-Cookie': cookie.clear } } : {};

  return [
    route({
      method: 'post',
      path: '/v1/sessions',
      summary: 'Sign in as a reader',
      description:
        'With the card number, the login – a student or staff number – or the confirmed e-mail address, if no other reader has the same. A wrong name and a wrong password are answered alike. After repeated failures the name or the network address is locked for a while; the answer says until when. ' +
        'A password that equals the date of birth leads only to setting a new one (`scope: new-password`).',
      access: 'public',
      body: z.strictObject({ ...readerName, password, cookie: inCookie }).refine(namedOnce, namedOnceElse),
      problems: ['sign-in-failed', 'too-many-attempts', 'cross-site'],
      responses: { 201: signedIn },
    }).handle(async ({ body, address, browser, now }) => {
      const opened = await signIn({
        kind: 'patron',
        library: body.library,
        name: nameOf(body),
        password: body.password,
        network: networkOf(address),
        now,
        ...wayOf(body.cookie, browser),
      });
      if ('challenge' in opened) throw new Error('A reader has no second factor.');
      return reply(opened);
    }),
    route({
      method: 'get',
      path: '/v1/sessions/current',
      summary: 'The session this request is made with',
      access: 'signed-in',
      scope: 'new-password',
      responses: { 200: { description: 'The session.', body: session } },
    }).handle(async ({ caller }) => ({
      status: 200,
      body: {
        kind: caller.kind,
        holderId: caller.id,
        library: caller.library,
        scope: caller.scope,
        expiresAt: iso(caller.expiresAt),
        ...(caller.kind === 'staff' && { roles: [...caller.roles] }),
        ...(caller.transport === 'cookie' && { csrfToken: csrf.token(caller.session) }),
      },
    })),
    route({
      method: 'delete',
      path: '/v1/sessions/current',
      summary: 'Sign out',
      access: 'signed-in',
      scope: 'new-password',
      responses: ended,
    }).handle(async ({ caller, now }) => {
      await inTransaction(deps.orm, (tx) => revokeSession(tx, caller.session, now));
      return { status: 204, ...withoutCookie(caller) };
    }),
    route({
      method: 'delete',
      path: '/v1/sessions',
      summary: 'Sign out everywhere',
      access: 'signed-in',
      responses: ended,
    }).handle(async ({ caller, now }) => {
      await inTransaction(deps.orm, (tx) => revokeSessions(tx, caller.id, now));
      return { status: 204, ...withoutCookie(caller) };
    }),
  ];
}
