import { z } from 'zod';
import { PatronIdentity } from '../../db/entities/index.ts';
import { reader } from '../../db/transaction.ts';
import { bindOwnIdentity, unbindOwnIdentity } from '../auth/identities.ts';
import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { ownIdentity } from '../schemas/identity.ts';
import { id, line } from '../schemas/values.ts';
import { identityFor } from '../verified-identity.ts';

const shown = ({ id: bound, provider, boundAt }: PatronIdentity) => ({
  id: bound,
  provider,
  boundAt: boundAt.toISOString(),
});

/** The institutional accounts with which a reader signs in (A1). */
export function myIdentityRoutes({ orm, config }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/me/identities',
      summary: 'The institutional accounts I sign in with',
      access: 'patron',
      responses: {
        200: { description: 'The accounts.', body: z.strictObject({ items: z.array(ownIdentity) }) },
      },
    }).handle(async ({ caller }) => {
      const rows = await reader(orm).find(
        PatronIdentity,
        { patronId: caller.id },
        { orderBy: { boundAt: 'asc' } },
      );
      return { status: 200, body: { items: rows.map(shown) } };
    }),
    route({
      method: 'post',
      path: '/v1/me/identities',
      summary: 'Sign in with my institutional account from now on',
      description: 'Binds a verified identity to the account; a second time it answers the same.',
      access: 'patron',
      body: z.strictObject({ id, secret: line(100) }),
      problems: ['identity-missing', 'identity-bound'],
      responses: { 201: { description: 'Bound.', body: ownIdentity } },
    }).handle(async ({ caller, body, now }) => {
      const identity = await identityFor(orm, {
        library: caller.library,
        held: body,
        secret: config.secret,
        now,
      });
      return { status: 201, body: shown(await bindOwnIdentity(orm, { patron: caller, identity, now })) };
    }),
    route({
      method: 'delete',
      path: '/v1/me/identities/:id',
      summary: 'No longer sign in with an institutional account',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['identity-unknown'],
      responses: { 204: { description: 'Unbound.' } },
    }).handle(async ({ caller, params, now }) => {
      await unbindOwnIdentity(orm, params.id, caller, now);
      return { status: 204 };
    }),
  ];
}
