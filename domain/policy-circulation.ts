import { z } from 'zod';
import { contactMethods, kinds, lentKinds } from './kinds.ts';
import { duration, wallTime } from './policy-values.ts';

const kind = z.enum(kinds);
const lentKind = z.enum(lentKinds);

/** What happens when a window would end on a day the place is closed: the next open day's closing time, or the day itself (H10). */
const onClosedDay = z.enum(['next-open-day', 'keep']);

export type OnClosedDay = z.output<typeof onClosedDay>;

/**
 * Most a reader may have at once (H2): in all, and of single kinds. `countAs` counts one kind under another: magazines as books. Other
 * libraries' things (`ill`) are no part of the total unless they count as another kind.
 */
const limits = z.strictObject({
  total: z.int().min(0),
  kinds: z.partialRecord(lentKind, z.int().min(0)).default({}),
  countAs: z.partialRecord(lentKind, kind).default({}),
});

export type Limits = z.output<typeof limits>;

export const holdPolicy = z.strictObject({
  limits,
  /** How long a copy is kept after contact (H6). */
  window: duration,
  lapseOnClosedDay: onClosedDay.default('next-open-day'),
  /** Whether a title with a copy free on the shelf can be held (H1). */
  onShelf: z.boolean().default(false),
  /** Magazines: the latest issue only, or also an older issue that is on loan (H1). */
  magazines: z.enum(['latest-issue', 'latest-or-on-loan']).default('latest-issue'),
  contacts: z.array(z.enum(contactMethods)).min(1).default(['mail', 'phone', 'none']),
  /** How soon the desk should have phoned a reader who asked for it; past it the task shows overdue. */
  phoneTaskDue: duration.default('P1D'),
});

/**
 * Charge for a late return, in minor units of the library's currency: for each overdue step reached, or for each civil day or week that has
 * begun after the due date; at most `capMinor` a loan (L5).
 */
const overdueFee = z.union([
  z.literal('none'),
  z.strictObject({
    per: z.enum(['step', 'day', 'week']),
    amountMinor: z.int().min(1),
    capMinor: z.int().min(1).optional(),
  }),
]);

const renewalPolicy = z.strictObject({
  max: z.int().min(0),
  period: duration,
  kinds: z.array(kind),
  /** The new period counts from the day of renewal, not from the old due date (L3). */
  from: z.literal('renewal-day').default('renewal-day'),
});

export const loanPolicy = z.strictObject({
  limit: limits,
  periods: z.strictObject({ book: duration, magazine: duration, audiovisual: duration }),
  dueOnClosedDay: onClosedDay.default('next-open-day'),
  renewals: renewalPolicy,
  reminderBefore: z.array(duration).default([]),
  overdueSteps: z.array(duration).default([]),
  /** Time of day at which reminders and overdue notices counted in days are written. */
  noticeTime: wallTime.default('09:00'),
  overdueFee: overdueFee.default('none'),
});

export type OverdueFee = z.output<typeof overdueFee>;
