import { z } from 'zod';
import { patronFile } from '../../../db/queries/patrons.ts';
import { answer } from '../../answer.ts';
import { moneyOf } from '../../bodies/desk.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { money } from '../../schemas/desk.ts';
import { id, line } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });
const amountMinor = z.int().min(1).max(1_000_000_000).describe('In minor units of the library’s currency.');
const branch = line(60).describe('Whose cash drawer it is.');

const depositMoved = z.strictObject({ depositId: id, deposit: money.describe('What is deposited now.') });

/** What goes back to readers, and what they leave as a deposit (P2, A6). */
export function patronMoneyRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const find = async (library: string, patronId: string) => {
    if (!(await patronFile(deps.orm, library, patronId))) throw problem('patron-unknown');
  };
  const base = { method: 'post', access: ['cashier'], idempotent: true, params } as const;

  return [
    route({
      ...base,
      path: '/v1/staff/patrons/:id/payouts',
      summary: 'Pay balance out in cash',
      description: 'What was paid online, or has been invoiced, is not paid out (P6, P7).',
      body: z.strictObject({ amountMinor, branch }),
      problems: [
        'patron-unknown',
        'credit-too-small',
        'credit-not-refundable',
        'drawer-too-little',
        'drawer-closed',
        'means-not-offered',
        'branch-unknown',
        'engine-unavailable',
      ],
      responses: {
        201: {
          description: 'Paid out.',
          body: z.strictObject({ payoutId: id, credit: money.describe('What is left of the balance.') }),
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller: { library, actor }, params: { id: patronId }, body, key, language }) => {
      await find(library, patronId);
      const given = { ...body, payoutId: key.id, patronId, actor };
      const paid = deps.commands.run('payOut', given, key.id, { library, patronId });
      const words = wordsFor(library, language);
      return answer(paid, `/v1/staff/patrons/${patronId}/charges`, ({ payoutId, creditMinor }) => ({
        status: 201 as const,
        body: { payoutId, credit: moneyOf(words, creditMinor) },
      }));
    }),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/deposits',
      summary: 'Take a deposit, or give one back',
      description: 'A deposit is given back in cash, whatever it was left by.',
      body: z.strictObject({
        direction: z.enum(['taken', 'returned']),
        amountMinor,
        means: z.enum(['cash', 'card']).default('cash'),
        branch,
      }),
      problems: [
        'patron-unknown',
        'patron-closed',
        'deposit-too-small',
        'drawer-too-little',
        'drawer-closed',
        'means-not-offered',
        'branch-unknown',
        'engine-unavailable',
      ],
      responses: { 201: { description: 'Booked.', body: depositMoved }, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, params: { id: patronId }, body, key, language }) => {
      await find(library, patronId);
      const given = { ...body, depositId: key.id, patronId, actor };
      const moved = deps.commands.run('moveDeposit', given, key.id, { library, patronId });
      const words = wordsFor(library, language);
      return answer(moved, `/v1/staff/patrons/${patronId}/charges`, ({ depositId, heldMinor }) => ({
        status: 201 as const,
        body: { depositId, deposit: moneyOf(words, heldMinor) },
      }));
    }),
  ];
}
