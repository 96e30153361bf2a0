import type { IllAttempt } from '../../db/entities/index.ts';
import type { Cost } from '../../domain/ill-costs.ts';
import type { ReasonForMessage, Status } from '../../domain/ill-status.ts';
import { record } from '../record.ts';
import { dueForReader, heedRenewal, isWithReader, moveDue, recalledDue } from './due.ts';
import { heedGivenUp } from './given-up.ts';
import type { Held } from './held.ts';
import { remarkedNote } from './note.ts';
import { tell } from './notices.ts';
import { remindReader } from './remind.ts';
import { requestSubject } from './standing.ts';
import { supplierHasIt } from './supplier-has-it.ts';

/** What a supplier says of something that it shipped before. */
export interface AfterShipping {
  readonly reason: ReasonForMessage;
  readonly status: Status;
  readonly yes: boolean;
  readonly note?: string | undefined;
  readonly suppliersDue?: Date | undefined;
  /** What the supplier asks for it. */
  readonly cost?: Cost | undefined;
}

/** Heeds what a supplier says of its thing (I13); what is not about time or the end changes nothing. */
export async function heedAfterShipping(held: Held, attempt: IllAttempt, said: AfterShipping): Promise<void> {
  if (held.request.service !== 'loan') return;
  if (said.reason === 'RenewResponse') {
    await heedRenewal(held, attempt, { ...said, note: remarkedNote(said.note) });
    return;
  }
  if (said.reason === 'Notification' || said.reason === 'CancelResponse') return;
  if (said.status === 'Recalled') await recalled(held, attempt, said);
  else if (said.status === 'Overdue') await overdue(held, said);
  else if (said.status === 'Loaned') await dueMoved(held, attempt, said);
  else if (said.status === 'LoanCompleted') await supplierHasIt(held, attempt);
  else if (said.status === 'CompletedWithoutReturn') await heedGivenUp(held, said.cost);
}

/** Whoever waits for it there needs it sooner: the reader's last day is soon, and they are told. */
async function recalled(held: Held, attempt: IllAttempt, { suppliersDue }: AfterShipping): Promise<void> {
  const { request, at } = held;
  if (suppliersDue) attempt.dueAt = suppliersDue;
  if (request.state === 'returning') return;
  const due = await recalledDue(held, suppliersDue);
  await moveDue(held, due, 'recalled');
  if (isWithReader(held)) await tell(held, { kind: 'ill-recalled', cause: `recalled:${at.getTime()}` });
}

/** The supplier misses it: it shows, and whoever has it hears so. */
async function overdue(held: Held, { suppliersDue }: AfterShipping): Promise<void> {
  const { tx, request, at, actor } = held;
  record(tx, requestSubject(request), { kind: 'ill-overdue', actor, at });
  if (request.state === 'returning') return;
  if (isWithReader(held))
    await tell(held, { kind: 'ill-overdue', cause: `overdue:${(suppliersDue ?? at).getTime()}` });
}

/** Another date than before, without our having asked. */
async function dueMoved(held: Held, attempt: IllAttempt, { suppliersDue }: AfterShipping): Promise<void> {
  const { request } = held;
  if (!suppliersDue || attempt.dueAt?.getTime() === suppliersDue.getTime()) return;
  attempt.dueAt = suppliersDue;
  if (request.state === 'returning') return;
  const due = await dueForReader(held, suppliersDue);
  const later = !request.dueAt || due > request.dueAt;
  await moveDue(held, due, later ? 'renewed' : 'recalled');
  if (isWithReader(held))
    await tell(held, { kind: later ? 'ill-renewed' : 'ill-recalled', cause: `moved:${due.getTime()}` });
  if (request.direct) await remindReader(held);
}
