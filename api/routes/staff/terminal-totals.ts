import { z } from 'zod';
import { terminalTotals } from '../../../db/queries/reconciliations.ts';
import { answer } from '../../answer.ts';
import { moneyOf } from '../../bodies/desk.ts';
import type { ApiDeps } from '../../deps.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { money } from '../../schemas/desk.ts';
import { day, line } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const path = '/v1/staff/terminal-totals';
const branch = line(60).describe('Whose terminal it is.');
const total = z.strictObject({ branch, day, total: money }).meta({ id: 'TerminalTotal' });

/** What the terminals for campus cards say they took (P3, P9). */
export function terminalTotalRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  return [
    route({
      method: 'get',
      path,
      summary: 'The card terminals’ totals, the latest day first',
      access: ['cashier', 'administrator'],
      responses: { 200: { description: 'At most 200.', body: z.strictObject({ items: z.array(total) }) } },
    }).handle(async ({ caller: { library }, language }) => {
      const words = wordsFor(library, language);
      const items = (await terminalTotals(deps.orm, library)).map(({ amount, currency, ...row }) => ({
        ...row,
        total: moneyOf(words, Number(amount), currency),
      }));
      return { status: 200, body: { items } };
    }),
    route({
      method: 'post',
      path,
      summary: 'Enter a card terminal’s total of a day',
      description: 'As the terminal’s closing slip says. Entered again, it is corrected.',
      access: ['cashier', 'administrator'],
      idempotent: true,
      body: z.strictObject({ branch, day, amountMinor: z.int().min(0).max(1_000_000_000_000) }),
      problems: ['branch-unknown', 'engine-unavailable'],
      responses: { 200: { description: 'Entered.', body: total }, 202: acceptedResponse },
    }).handle(async ({ caller: { library, actor }, body, key, language }) => {
      const entered = deps.commands.run('enterTerminalTotal', { ...body, library, actor }, key.id, {
        library,
      });
      const words = wordsFor(library, language);
      return answer(entered, path, ({ amountMinor, ...row }) => ({
        status: 200 as const,
        body: { ...row, total: moneyOf(words, amountMinor) },
      }));
    }),
  ];
}
