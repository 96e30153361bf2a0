import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { profileOf } from '../../db/queries/profile.ts';
import { reader } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { factsOf } from '../../db/queries/patron-facts.ts';
import { asksForDebts, debtReasons } from '../../domain/charges.ts';
import { standingReasons } from '../../domain/patrons.ts';
import { permissionsShown } from '../../domain/permissions.ts';
import type { ApiDeps } from '../deps.ts';
import { explain } from '../explain.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { permissions } from '../schemas/patron-data.ts';
import { reasonSchema } from '../schemas/problem.ts';
import { day, id, instant, language, libraryCode } from '../schemas/values.ts';

const count = z.int().min(0);

const profile = z
  .strictObject({
    id,
    library: libraryCode,
    card: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    emailState: z
      .enum(['none', 'unconfirmed', 'confirmed', 'failing'])
      .describe('Notices go by mail only to a confirmed address; `failing`: mail came back.'),
    phone: z.string().nullable(),
    language,
    userGroup: z.string(),
    paidUntil: day.nullable().describe('The last day for which the usage fee is paid; null: none is due.'),
    expiresOn: day.nullable().describe('The card’s last day; null: none.'),
    blocks: z.array(z.strictObject({ id, reason: z.string(), placedAt: instant })),
    standing: z
      .array(reasonSchema)
      .describe('Why holds and renewals are refused at present; empty: nothing stands in the way.'),
    permissions: permissions.describe(
      'Every permission of the library, with or without it, and to whom to turn for one that is missing (A7).',
    ),
    counts: z.strictObject({ waiting: count, secured: count, loans: count, overdue: count }),
  })
  .meta({ id: 'Profile' });

/** The reader's own account (A7, A12). */
export function meRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/me',
      summary: 'The reader’s own card and account',
      access: 'patron',
      responses: { 200: { description: 'The account.', body: profile } },
    }).handle(async ({ caller, language: spoken, now }) => {
      const found = await profileOf(reader(deps.orm), caller.id, new Date(now));
      if (found === undefined) throw problem('patron-unknown');
      const policy = deps.policies.get(caller.library);
      const facts = {
        ...found,
        blocked: found.blocks.length > 0,
        closed: false,
        mailUsable: found.emailState === 'confirmed',
        phoneUsable: Boolean(found.phone),
      };
      const today = civilDay(policy, Temporal.Instant.fromEpochMilliseconds(now));
      const owed = asksForDebts(policy) ? await factsOf(deps.orm, caller.id) : undefined;
      const reasons = [
        ...standingReasons(facts, today, 'web'),
        ...debtReasons(policy, 'hold', owed?.owedMinor),
      ];
      const standing = explain(deps.texts, spoken, policy, reasons);
      const permissionsHeld = permissionsShown(found, policy, spoken);
      return {
        status: 200,
        body: { ...found, blocks: [...found.blocks], standing, permissions: permissionsHeld },
      };
    }),
  ];
}
