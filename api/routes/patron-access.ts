import { z } from 'zod';
import { Patron } from '../../db/entities/index.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import { recordAccess, setPassword } from '../auth/credentials.ts';
import { hashPassword, oneTimeLasts, randomPassword } from '../auth/passwords.ts';
import { createThrottle, patronKeys } from '../auth/throttle.ts';
import type { StaffCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { id, instant, iso } from '../schemas/values.ts';

const oneTimePassword = z
  .strictObject({
    password: z.string().describe('Told only here.'),
    validUntil: instant,
  })
  .meta({ id: 'OneTimePassword' });

/** What the desk does for a reader who cannot sign in (A10). */
export function patronAccessRoutes(deps: ApiDeps): Route[] {
  const throttle = createThrottle(deps.orm);
  const params = z.strictObject({ id });

  const find = async (caller: StaffCaller, patronId: string): Promise<Patron> => {
    const patron = await reader(deps.orm).findOne(Patron, { id: patronId, library: caller.library });
    if (patron === null) throw problem('patron-unknown');
    if (patron.closedAt) throw problem('patron-closed');
    return patron;
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/unlock',
      summary: 'End the lock of a card at once',
      access: ['desk'],
      params,
      problems: ['patron-unknown', 'patron-closed'],
      responses: { 204: { description: 'The reader can sign in.' } },
    }).handle(async ({ caller, params: { id: patronId }, now }) => {
      const patron = await find(caller, patronId);
      await inTransaction(deps.orm, async (tx) => {
        await throttle.clearEverywhere(tx, ...patronKeys(patron));
        recordAccess(tx, patron, 'card-unlocked', caller.actor, now);
      });
      return { status: 204 };
    }),
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/one-time-password',
      summary: 'Give a reader whose identity has been checked a password for once',
      description:
        'It replaces the old one, ends all sessions and any lock, and leads only to setting an own password, within 24 hours.',
      access: ['desk'],
      params,
      problems: ['patron-unknown', 'patron-closed'],
      responses: { 201: { description: 'Given.', body: oneTimePassword } },
    }).handle(async ({ caller, params: { id: patronId }, now }) => {
      const patron = await find(caller, patronId);
      const password = randomPassword(deps.policies.get(caller.library).passwords);
      const hash = await hashPassword(password);
      const oneTimeUntil = now + oneTimeLasts;
      await inTransaction(deps.orm, async (tx) => {
        const event = 'one-time-password-given';
        await setPassword(tx, { patron, hash, actor: caller.actor, event, now, oneTimeUntil });
        await throttle.clearEverywhere(tx, ...patronKeys(patron));
      });
      return { status: 201, body: { password, validUntil: iso(oneTimeUntil) } };
    }),
  ];
}
