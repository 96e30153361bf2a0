import { Temporal } from 'temporal-polyfill';
import { civilDay } from '../../domain/calendar.ts';
import { instantAt } from '../../domain/windows.ts';
import { instant, toDate } from '../facts.ts';
import type { Held } from './held.ts';
import { tell } from './notices.ts';

/**
 * A reader to whom a thing was sent straight has no loan here that would remind them: the request does, so many days before the day, once for each due date (I13). Sets when the process looks
 * next.
 */
export async function remindReader(held: Held): Promise<void> {
  const { request, policy, ill, at } = held;
  request.lookAt = null;
  if (!request.dueAt || request.service !== 'loan') return;
  const before = Temporal.Duration.from(ill.delivery.things.remindBefore);
  const day = civilDay(policy, instant(request.dueAt)).subtract(before);
  const from = toDate(instantAt(policy, day, policy.loans.noticeTime));
  if (from > at) request.lookAt = from;
  else if (request.dueAt > at)
    await tell(held, { kind: 'ill-due-soon', cause: `${request.dueAt.getTime()}` });
}
