import type { TaskKind } from '../../domain/tasks.ts';
import { openTask } from '../tasks.ts';
import type { Held } from './held.ts';
import { requestSubject } from './standing.ts';

/** Puts a question about a request on the work list of the librarians who obtain things (G2); `dueAt` is by when it should be answered. */
export async function askLibrarian(
  { tx, ill, request, at }: Held,
  kind: TaskKind,
  dueAt: Date,
): Promise<void> {
  await openTask(tx, requestSubject(request), {
    kind,
    branch: ill.obtaining.branch ?? null,
    workflowId: `ill:${request.id}`,
    at,
    dueAt,
  });
}
