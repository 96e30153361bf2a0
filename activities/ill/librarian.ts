import { openTask } from '../tasks.ts';
import { type Held, workingDaysFrom } from './held.ts';
import { requestSubject } from './standing.ts';

/** The librarian's turn: to look at it before it goes out (I4), to obtain it by hand (I3), or to find a supplier where the policy knows none. */
export async function askLibrarian(held: Held, reason: string | null): Promise<void> {
  const { tx, request, at } = held;
  request.state = 'reviewing';
  request.reason = reason;
  await openTask(tx, requestSubject(request), {
    kind: 'review-request',
    branch: held.ill.obtaining.branch ?? null,
    workflowId: `ill:${request.id}`,
    at,
    dueAt: await workingDaysFrom(held, 1),
  });
}
