import { z } from 'zod';
import { inTransaction } from '../../db/transaction.ts';
import { networkOf } from '../auth/address.ts';
import { revokeSession, revokeSessions } from '../auth/sessions.ts';
import { createSignIn } from '../auth/sign-in.ts';
import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { id, instant, iso, libraryCode, line, password } from '../schemas/values.ts';

const scope = z
  .enum(['full', 'new-password', 'second-factor'])
  .describe(
    '`new-password`: the session can do nothing but set a new password; `second-factor`: nothing but set up the second factor.',
  );

const newSession = z
  .strictObject({
    token: z.string().describe('Sent as `Authorization: Bearer …`. Told only here.'),
    expiresAt: instant.describe('When the session ends at the latest.'),
    idle: z.string().describe('How long it lasts without being used: an ISO 8601 duration.'),
    scope,
    holderId: id,
  })
  .meta({ id: 'NewSession' });

const session = z
  .strictObject({
    kind: z.enum(['patron', 'staff']),
    holderId: id,
    library: libraryCode,
    scope,
    roles: z.array(z.string()).optional().describe('Of staff.'),
    expiresAt: instant,
  })
  .meta({ id: 'Session' });

const ended = { 204: { description: 'Ended.' } };

/** Signing in and out, for readers and staff (A8–A10, A13). */
export function sessionRoutes(deps: ApiDeps): Route[] {
  const signIn = createSignIn(deps);

  const opened = async (wish: Parameters<typeof signIn>[0]) => {
    const { expiresAt, ...told } = await signIn(wish);
    const body = { ...told, expiresAt: iso(expiresAt) };
    return { status: 201, headers: { Location: '/v1/sessions/current' }, body } as const;
  };

  const responses = {
    201: { description: 'Signed in.', body: newSession, headers: { Location: 'The session.' } },
  };

  return [
    route({
      method: 'post',
      path: '/v1/sessions',
      summary: 'Sign in as a reader',
      description:
        'A wrong card and a wrong password are answered alike. After repeated failures the card or the address is locked for a while; the answer says until when. ' +
        'A password that equals the date of birth leads only to setting a new one (`scope: new-password`).',
      access: 'public',
      body: z.strictObject({ library: libraryCode, card: line(64), password }),
      problems: ['sign-in-failed', 'too-many-attempts'],
      responses,
    }).handle(({ body, address, now }) =>
      opened({ ...body, kind: 'patron', name: body.card, network: networkOf(address), now }),
    ),
    route({
      method: 'post',
      path: '/v1/staff/sessions',
      summary: 'Sign in as staff',
      access: 'public',
      body: z.strictObject({ library: libraryCode, login: line(120), password }),
      problems: ['sign-in-failed', 'too-many-attempts'],
      responses,
    }).handle(({ body, address, now }) =>
      opened({ ...body, kind: 'staff', name: body.login, network: networkOf(address), now }),
    ),
    route({
      method: 'get',
      path: '/v1/sessions/current',
      summary: 'The session this request is made with',
      access: 'signed-in',
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
      return { status: 204 };
    }),
    route({
      method: 'delete',
      path: '/v1/sessions',
      summary: 'Sign out everywhere',
      access: 'signed-in',
      responses: ended,
    }).handle(async ({ caller, now }) => {
      await inTransaction(deps.orm, (tx) => revokeSessions(tx, caller.id, now));
      return { status: 204 };
    }),
  ];
}
