import { v7 as uuid } from 'uuid';
import { Task } from '../db/entities/index.ts';
import type { Tx } from '../db/transaction.ts';
import type { Actor } from '../domain/roles.ts';
import type { TaskKind } from '../domain/tasks.ts';
import type { Subject } from './record.ts';

export interface TaskRequest {
  readonly kind: TaskKind;
  /** Branch whose desk does it; null: any. */
  readonly branch: string | null;
  readonly workflowId: string;
  readonly at: Date;
  readonly dueAt: Date;
}

/** Puts a task on the work list (G2), once while it is open. */
export async function openTask(tx: Tx, subject: Subject, request: TaskRequest): Promise<void> {
  if (await tx.findOne(Task, { kind: request.kind, subjectId: subject.id, resolvedAt: null })) return;
  tx.create(Task, {
    id: uuid(),
    library: subject.library,
    kind: request.kind,
    subjectType: subject.type,
    subjectId: subject.id,
    patronId: subject.patronId,
    branch: request.branch,
    workflowId: request.workflowId,
    dueAt: request.dueAt,
    createdAt: request.at,
  });
}

export interface Resolution {
  readonly at: Date;
  readonly by: Actor;
  readonly outcome: string;
  readonly remarkId?: string | undefined;
}

/** Closes the subject's open task of this kind, if there is one: staff did it, or it is no longer needed (`outcome: 'dropped'`). */
export async function resolveTask(
  tx: Tx,
  kind: TaskKind,
  subjectId: string,
  resolution: Resolution,
): Promise<void> {
  await resolveTasks(tx, [kind], subjectId, resolution);
}

/** The same for several kinds. */
export async function resolveTasks(
  tx: Tx,
  kinds: readonly TaskKind[],
  subjectId: string,
  { at, by, outcome, remarkId }: Resolution,
): Promise<void> {
  const open = await tx.find(Task, { kind: { $in: [...kinds] }, subjectId, resolvedAt: null });
  for (const task of open)
    Object.assign(task, { resolvedAt: at, resolvedBy: by, outcome, remarkId: remarkId ?? null });
}
