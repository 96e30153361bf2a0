import { Temporal } from 'temporal-polyfill';
import { type IllAttempt, Item, Loan } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { readersDueAt, recalledDueAt, type ReturnCalendar } from '../../domain/ill-due.ts';
import { instant, toDate } from '../facts.ts';
import { withdrawNotices } from '../notices/queue-notice.ts';
import { loanSubject, record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import type { Held } from './held.ts';
import { tell } from './notices.ts';
import { requestSubject } from './standing.ts';
import { lockThing } from './thing.ts';

async function calendarOf(held: Held): Promise<ReturnCalendar> {
  const { tx, policy, ill, request, at } = held;
  const item = request.itemId ? await tx.findOne(Item, { id: request.itemId }) : null;
  const branch = item?.branch ?? ill.obtaining.branch ?? policy.branches[0]?.code ?? '';
  return { policy, closures: await closuresFrom(tx, policy.code, at), branch, things: ill.delivery.things };
}

/** When the reader brings it back if its supplier wants it then (I13); where it is sent straight to the reader and back by post, when the supplier wants it. */
export async function dueForReader(held: Held, suppliersDue: Date | undefined): Promise<Date> {
  if (held.request.direct && suppliersDue) return suppliersDue;
  const calendar = await calendarOf(held);
  return toDate(readersDueAt(calendar, suppliersDue && instant(suppliersDue), instant(held.at)));
}

/** When a recalled thing comes back. */
export async function recalledDue(held: Held, suppliersDue: Date | undefined): Promise<Date> {
  const { request, at } = held;
  const dates = {
    ...(request.dueAt && { due: instant(request.dueAt) }),
    ...(suppliersDue && { suppliersDue: instant(suppliersDue) }),
  };
  return toDate(recalledDueAt(await calendarOf(held), dates, instant(at)));
}

const happening = { renewed: 'ill-renewed', recalled: 'ill-recalled' } as const;

/** The reader's last day is another one: of the request, and of the loan where there is one, whose process reminds of it. */
export async function moveDue(held: Held, dueAt: Date, how: 'renewed' | 'recalled'): Promise<void> {
  const { tx, request, at, actor } = held;
  const before = request.dueAt;
  request.dueAt = dueAt;
  record(tx, requestSubject(request), { kind: happening[how], actor, at, detail: { before, after: dueAt } });
  const item = await lockThing(held);
  const loan = item && (await tx.findOne(Loan, { itemId: item.id, endedAt: null }, { refresh: true }));
  if (!loan) return;
  if (how === 'renewed') Object.assign(loan, { renewals: loan.renewals + 1, renewedAt: at });
  const change = { before: loan.dueAt, after: dueAt };
  loan.dueAt = dueAt;
  await withdrawNotices(tx, loan.id, at, ['due-soon']);
  record(tx, loanSubject(loan), { kind: how, actor, at, detail: change });
  held.wake.push(`loan:${loan.id}`);
}

/** What a supplier has answered to a renewal, in a message or otherwise. */
export interface RenewalAnswer {
  readonly yes: boolean;
  /** When the supplier wants it back now; of a yes without it, as long after now as the policy says. */
  readonly suppliersDue?: Date | undefined;
  /** Why not, in the supplier's or the librarian's words. */
  readonly note?: string | undefined;
  readonly remarkId?: string | undefined;
}

/** A renewal is granted, and the reader has it longer, or not, and the reader hears why (I13). One that nobody waits for any more – it has come back meanwhile – changes nothing. */
export async function heedRenewal(held: Held, attempt: IllAttempt, answer: RenewalAnswer): Promise<void> {
  const { request, at, tx, actor } = held;
  const asked = request.renewalWantedAt;
  request.renewalWantedAt = null;
  await resolveTask(tx, 'ill-renewal', request.id, { at, by: actor, outcome: 'settled' });
  if (!isWithReader(held)) return;
  const cause = `${asked?.getTime() ?? at.getTime()}`;
  if (answer.yes) {
    if (answer.suppliersDue) attempt.dueAt = answer.suppliersDue;
    else attempt.dueAt = laterThan(attempt.dueAt, await without(held));
    const due = await dueForReader(held, attempt.dueAt);
    if (!request.dueAt || Temporal.Instant.compare(instant(due), instant(request.dueAt)) > 0)
      await moveDue(held, due, 'renewed');
    return tell(held, { kind: 'ill-renewed', cause });
  }
  record(tx, requestSubject(request), { kind: 'ill-not-renewed', actor, at });
  const words = {
    ...(answer.note && { note: answer.note }),
    ...(answer.remarkId && { remarkId: answer.remarkId }),
  };
  return tell(held, { kind: 'ill-not-renewed', cause, content: words });
}

/** The supplier says yes and no more: as long as it lends without a date. */
async function without(held: Held): Promise<Date> {
  const { things } = held.ill.delivery;
  const calendar = { ...(await calendarOf(held)), things: { ...things, daysForReturn: 0 } };
  return toDate(readersDueAt(calendar, undefined, instant(held.at)));
}

const laterThan = (before: Date | null | undefined, after: Date): Date =>
  before && before > after ? before : after;

/** The reader has it: lent at the desk or by the librarian, or sent straight to them. */
export const isWithReader = ({ request }: Pick<Held, 'request'>): boolean =>
  request.state === 'lent' ||
  (request.direct &&
    request.service === 'loan' &&
    (request.state === 'received' || request.state === 'shipped'));
