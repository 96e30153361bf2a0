import { z } from 'zod';
import {
  financeCredits,
  financeOutstanding,
  isFinanceCredit,
  type OutstandingRow,
} from '../../../db/queries/finance-credits.ts';
import { accountName } from '../../../notices/account-names.ts';
import { answer } from '../../answer.ts';
import { moneyOf } from '../../bodies/desk.ts';
import { actorOf } from '../../bodies/story.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { money, remark } from '../../schemas/desk.ts';
import { actor as actorSchema } from '../../schemas/story.ts';
import { id, instant, iso, line } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';

const path = '/v1/staff/finance-credits';
const outstanding = z.strictObject({ account: z.string(), accountName: z.string(), amount: money });
const credit = outstanding
  .extend({
    id,
    at: instant,
    by: actorSchema,
    note: z.string().nullable(),
    takenBackAt: instant.nullable().describe('When it was taken back, if it was a mistake.'),
  })
  .meta({ id: 'FinanceCredit' });

const entered = z.strictObject({ creditId: id });
const access = ['cashier', 'administrator'] as const;

/** What the institution's finance office has credited for internal transfers and campus cards (P3, P4, P9). */
export function financeCreditRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const bodyOf = (words: Words, { account, amount, currency }: OutstandingRow) => ({
    account,
    accountName: accountName(words, account),
    amount: moneyOf(words, amount, currency),
  });

  return [
    route({
      method: 'get',
      path,
      summary:
        'Internal transfers and campus cards: what the finance office has credited, and what is outstanding',
      access,
      responses: {
        200: {
          description: 'At most 200, the latest first.',
          body: z.strictObject({ outstanding: z.array(outstanding), items: z.array(credit) }),
        },
      },
    }).handle(async ({ caller: { library }, language }) => {
      const words = wordsFor(library, language);
      const [open, credits] = await Promise.all([
        financeOutstanding(deps.orm, library),
        financeCredits(deps.orm, library),
      ]);
      const items = credits.map((row) => ({
        ...bodyOf(words, row),
        id: row.id,
        at: iso(row.at),
        by: actorOf(words, row.by, row.byName),
        note: row.note,
        takenBackAt: row.takenBackAt === null ? null : iso(row.takenBackAt),
      }));
      return { status: 200, body: { outstanding: open.map((row) => bodyOf(words, row)), items } };
    }),
    route({
      method: 'post',
      path,
      summary: 'Enter what the finance office has credited',
      description:
        'As its list says, for one account at a time, never more than is outstanding. What it has not credited in time is named in the daily comparison.',
      access,
      idempotent: true,
      body: z.strictObject({
        account: line(100).describe('`transfer:<way>` or `card:<branch>`, as in `outstanding`.'),
        amountMinor: z.int().min(1).max(1_000_000_000_000),
        reason: remark.describe('What stands on the finance office’s list.'),
      }),
      problems: ['finance-account-unknown', 'finance-credit-exceeds', 'engine-unavailable'],
      responses: { 201: { description: 'Booked.', body: entered }, 202: acceptedResponse },
    }).handle(async ({ caller, body, key, now }) => {
      const { library, actor } = caller;
      const { reason, ...given } = body;
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: reason, now });
      const step = { ...given, creditId: key.id, library, remarkId, actor };
      const done = deps.commands.run('enterFinanceCredit', step, key.id, { library });
      return answer(done, path, (result) => ({ status: 201 as const, body: result }));
    }),
    route({
      method: 'post',
      path: `${path}/:id/reversal`,
      summary: 'Take back what was entered by mistake',
      access,
      idempotent: true,
      params: z.strictObject({ id }),
      body: z.strictObject({ reason: remark.describe('Why; kept with the booking.') }),
      problems: ['finance-credit-unknown', 'finance-credit-reversed', 'engine-unavailable'],
      responses: { 200: { description: 'Taken back.', body: entered }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: creditId }, body, key, now }) => {
      const { library, actor } = caller;
      if (!(await isFinanceCredit(deps.orm, library, creditId))) throw problem('finance-credit-unknown');
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const step = { creditId, library, remarkId, actor };
      const done = deps.commands.run('takeBackFinanceCredit', step, key.id, { library });
      return answer(done, path, (result) => ({ status: 200 as const, body: result }));
    }),
  ];
}
