import { z } from 'zod';
import { differenceKinds } from '../../domain/differences.ts';
import { staffRoles } from '../../domain/roles.ts';
import { money } from './desk.ts';
import { actor } from './story.ts';
import { day, id, instant } from './values.ts';

const count = z.int().min(0);

export const difference = z
  .strictObject({
    id,
    kind: z.enum(differenceKinds),
    text: z.string().describe('What differs, in words.'),
    account: z.string().nullable().describe('Of the ledger.'),
    accountName: z.string().nullable().describe('The same in words.'),
    expected: money.nullable().describe('What the ledger says; null: nothing.'),
    found: money.nullable().describe('What the gateway, the bank or the count says; null: nothing.'),
    amount: money.describe('By how much they differ: what was found less what was expected.'),
    since: instant,
    role: z.enum(staffRoles).describe('Who must act.'),
    about: z.strictObject({
      type: z.string().describe('`payment`, `bank-entry`, `drawer`, …'),
      id: z.string().describe('The row’s id, or what the gateway or the policy calls it.'),
      link: z.string().nullable().describe('Where it is solved; null: outside of Carrel.'),
    }),
    detail: z.record(z.string(), z.unknown()).describe('Ids, codes and days that tell it apart.'),
    solvedAt: instant.nullable(),
    acknowledged: z
      .strictObject({ at: instant, by: actor, remark: z.string().nullable() })
      .nullable()
      .describe('Who has taken note of it, and why it may stay; it holds until the amount changes.'),
  })
  .meta({ id: 'Difference' });

export const reconciliation = z
  .strictObject({
    id,
    day,
    state: z
      .enum(['agree', 'differs', 'acknowledged'])
      .describe('As of now: `agree`: nothing is open; `acknowledged`: staff have taken note of all that is.'),
    open: count.describe('Differences that are not solved.'),
    solved: count.describe('Differences of the day that have been solved since.'),
    firstRunAt: instant,
    runAt: instant.describe('When the day was looked at last.'),
  })
  .meta({ id: 'Reconciliation' });

export const report = z
  .strictObject({
    ...reconciliation.shape,
    accounts: z.array(
      z.strictObject({
        account: z.string().describe('Of the ledger.'),
        name: z.string().describe('The same in words.'),
        ledger: money.describe('Its balance at the day’s end.'),
        other: money.nullable().describe('What the bank’s latest statement says, since the first.'),
        waiting: money.nullable().describe('Of the bank’s, what is not booked yet.'),
      }),
    ),
    differences: z.array(difference),
  })
  .meta({ id: 'ReconciliationReport' });
