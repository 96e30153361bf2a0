import type { IllAttempt, IllMessage } from '../../db/entities/index.ts';
import { record } from '../record.ts';
import { askLibrarian } from './ask-librarian.ts';
import { closeAttempt } from './attempt.ts';
import { cancelLost, cancelWon } from './cancel.ts';
import { chooseNext } from './choose.ts';
import { isDelivering } from './delivery.ts';
import { type Held, workingDaysFrom } from './held.ts';
import { requestSubject } from './standing.ts';

/** What a peer refused, or what never got through: of a request the next supplier is asked; of what was said about one, staff see to it. */
export async function heedUnsent(
  held: Held,
  attempt: IllAttempt,
  lost: readonly IllMessage[],
): Promise<void> {
  for (const message of lost) {
    message.settledAt = held.at;
    if (attempt.outcome === 'open' && message.name === 'request') await notAsked(held, attempt, message);
    else if (attempt.outcome === 'open' && message.says === 'Cancel' && message.state === 'refused')
      await cancelLost(held);
    else if (attempt.outcome === 'open' || isShippedBack(message)) await askStaff(held, message);
  }
}

const isShippedBack = ({ says }: IllMessage): boolean => says === 'ShippedReturn';

async function notAsked(held: Held, attempt: IllAttempt, { error }: IllMessage): Promise<void> {
  const { tx, request, at, actor } = held;
  if (attempt.status || isDelivering(request)) return;
  closeAttempt(held, attempt, 'not-sent', { note: error ?? undefined });
  record(tx, requestSubject(request), {
    kind: 'ill-supplier-no',
    actor,
    at,
    detail: { attemptId: attempt.id, peer: attempt.peer, outcome: attempt.outcome },
  });
  return request.cancelWantedAt ? cancelWon(held, 'agreed') : chooseNext(held);
}

async function askStaff(held: Held, { says, peer }: IllMessage): Promise<void> {
  const { tx, request, at, actor } = held;
  const subject = requestSubject(request);
  record(tx, subject, { kind: 'ill-message-lost', actor, at, detail: { says, peer } });
  await askLibrarian(held, 'request-message', await workingDaysFrom(held, 1));
}
