import { z } from 'zod';
import { networkOf } from '../../auth/address.ts';
import { createSessionReply } from '../../auth/session-reply.ts';
import { createSignIn } from '../../auth/sign-in.ts';
import { createCodeSignIn } from '../../auth/staff-sign-in.ts';
import { wayOf } from '../../auth/way.ts';
import type { ApiDeps } from '../../deps.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { challenge, inCookie, signedIn } from '../../schemas/sessions.ts';
import { iso, libraryCode, line, password } from '../../schemas/values.ts';

/** Signing in for staff, in one step or two (A13). */
export function staffSignInRoutes(deps: ApiDeps): Route[] {
  const signIn = createSignIn(deps);
  const giveCode = createCodeSignIn(deps);
  const reply = createSessionReply(deps.config);

  return [
    route({
      method: 'post',
      path: '/v1/staff/sessions',
      summary: 'Sign in as staff',
      description:
        'Whoever has set up a second factor gets a `challenge`, and the session for it with a code. Where the library wants a second factor and there is none yet, the session can do nothing but set it up (`scope: second-factor`).',
      access: 'public',
      body: z.strictObject({ library: libraryCode, login: line(120), password, cookie: inCookie }),
      problems: ['sign-in-failed', 'too-many-attempts', 'cross-site'],
      responses: {
        200: { description: 'The password is right; a code is needed.', body: challenge },
        201: signedIn,
      },
    }).handle(async ({ body, address, browser, now }) => {
      const { library, login: name, password: given } = body;
      const way = wayOf(body.cookie, browser);
      const claim = { kind: 'staff', library, name, password: given } as const;
      const opened = await signIn({ ...claim, network: networkOf(address), now, ...way });
      if (!('challenge' in opened)) return reply(opened);
      return { status: 200, body: { challenge: opened.challenge, expiresAt: iso(opened.expiresAt) } };
    }),
    route({
      method: 'post',
      path: '/v1/staff/sessions/code',
      summary: 'Sign in as staff: the second step',
      description:
        'With the code a device shows, or a recovery code; each works once. Wrong codes are counted like wrong passwords.',
      access: 'public',
      body: z.strictObject({ challenge: line(100), code: line(40), cookie: inCookie }),
      problems: [
        'code-wrong',
        'second-factor-unreadable',
        'challenge-expired',
        'too-many-attempts',
        'cross-site',
      ],
      responses: { 201: signedIn },
    }).handle(async ({ body: { challenge: given, code, cookie }, address, browser, now }) => {
      const way = wayOf(cookie, browser);
      return reply(await giveCode({ challenge: given, code, network: networkOf(address), now, ...way }));
    }),
  ];
}
