import { z } from 'zod';
import { purposesOf } from '../../domain/policy-identity.ts';
import { networkOf } from '../auth/address.ts';
import { createSessionReply } from '../auth/session-reply.ts';
import { wayOf } from '../auth/way.ts';
import type { ApiDeps } from '../deps.ts';
import { createVerify } from '../identity/verify.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { begun, complete, verifiedIdentity } from '../schemas/identity.ts';
import { challenge, signedIn } from '../schemas/sessions.ts';
import { id, iso, libraryCode, line } from '../schemas/values.ts';

const purpose = z.enum(['reader', 'staff']);

const provider = z.strictObject({
  code: z.string(),
  name: z.string(),
  asks: z
    .enum(['there', 'here'])
    .describe(
      '`there`: the browser is sent to the provider; `here`: the portal asks for number and password.',
    ),
  for: z.array(purpose),
});

/** Verifying campus members, and signing in through their institution, for readers and staff (A1, A13). */
export function identityRoutes(deps: ApiDeps): Route[] {
  const verify = createVerify(deps);
  const reply = createSessionReply(deps.config);

  return [
    route({
      method: 'get',
      path: '/v1/identity-providers',
      summary: 'Who can verify members of a library’s institution',
      access: 'public',
      query: z.strictObject({ library: libraryCode }),
      responses: {
        200: { description: 'The providers.', body: z.strictObject({ items: z.array(provider) }) },
      },
    }).handle(async ({ query: { library }, language }) => {
      if (!deps.policies.has(library)) throw problem('not-found');
      const { providers } = deps.policies.get(library).identity;
      const items = providers.map((each) => ({
        code: each.code,
        name: each.name[language],
        asks: each.kind === 'oidc' ? ('there' as const) : ('here' as const),
        for: [...purposesOf(each)],
      }));
      return { status: 200, body: { items } };
    }),
    route({
      method: 'post',
      path: '/v1/identity-verifications',
      summary: 'Begin to verify a member of the institution',
      description:
        'The portal keeps `id` and `secret` for the browser it talks to, and sends the browser to `url` – or asks for number and password, where there is none. It is completed with what the browser comes back with.',
      access: 'public',
      body: z.strictObject({ library: libraryCode, provider: line(64), purpose: purpose.default('reader') }),
      problems: ['identity-not-offered', 'identity-unavailable', 'too-many-attempts'],
      responses: { 201: { description: 'Begun.', body: begun } },
    }).handle(async ({ body, address, now }) => {
      const { url, expiresAt, ...told } = await verify.begin({ ...body, network: networkOf(address), now });
      return { status: 201, body: { ...told, ...(url && { url }), expiresAt: iso(expiresAt) } };
    }),
    route({
      method: 'post',
      path: '/v1/identity-verifications/:id/completion',
      summary: 'Complete a verification',
      description:
        'Signs in whoever has an account bound to the identity – always with a new session. A reader without one gets a verified identity for half an hour, which an application for an account, or `POST /v1/me/identities`, carries with the same `secret`. Staff are known by what an administrator has entered; unless the library trusts the institution’s second factor, it goes on as after their password, with a `challenge` for whoever has a device.',
      access: 'public',
      params: z.strictObject({ id }),
      body: complete,
      problems: [
        'verification-expired',
        'identity-failed',
        'identity-unavailable',
        'identity-not-offered',
        'sign-in-failed',
        'too-many-attempts',
        'cross-site',
      ],
      responses: {
        200: {
          description: 'Verified; there is no account yet, or – of staff – a code is needed.',
          body: z.union([verifiedIdentity, challenge]),
        },
        201: signedIn,
      },
    }).handle(async ({ params, body: { secret, cookie, ...given }, address, browser, now }) => {
      const way = wayOf(cookie, browser);
      const wish = { id: params.id, secret, network: networkOf(address), now, ...way };
      const settled = await verify.complete({ ...wish, given });
      if ('token' in settled) return reply(settled);
      if ('challenge' in settled)
        return {
          status: 200,
          body: { challenge: settled.challenge, expiresAt: iso(settled.expiresAt) },
        };
      const { id: identityId, number = null, name = null, email = null, emailTrusted, expiresAt } = settled;
      const body = { id: identityId, number, name, email, emailTrusted, expiresAt: expiresAt.toISOString() };
      return { status: 200, body };
    }),
  ];
}
