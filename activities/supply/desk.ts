import type { SupplyRequest } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Closure } from '../../domain/calendar.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { record, type Subject } from '../record.ts';
import { openTask, resolveTasks } from '../tasks.ts';

/** An outside request in hand: its row is locked. What is to be told after the commit is collected on the way. */
export interface SupplyInHand {
  readonly deps: ActivityDeps;
  readonly tx: Tx;
  readonly policy: LibraryPolicy;
  readonly supply: SupplyRequest;
  readonly at: Date;
  readonly actor: Actor;
  readonly rouse: Roused[];
  readonly wake: string[];
}

export function supplySubject({ id, library }: Pick<SupplyRequest, 'id' | 'library'>): Subject {
  return { type: 'supply', id, library, patronId: null };
}

export const supplyProcess = ({ id }: Pick<SupplyRequest, 'id'>): string => `supply:${id}`;

/** Writes what happened into the request's story. */
export function tell(
  { tx, supply, at, actor }: SupplyInHand,
  kind: string,
  detail: Record<string, unknown> = {},
): void {
  record(tx, supplySubject(supply), { kind, actor, at, detail });
}

export function closuresOf({ tx, supply, at }: SupplyInHand): Promise<Closure[]> {
  return closuresFrom(tx, supply.library, at);
}

/** Ends it: nothing waits any more, and no task. */
export async function end(hand: SupplyInHand, status: SupplyRequest['status']): Promise<void> {
  const { supply, at } = hand;
  Object.assign(supply, { status, endedAt: at, waitsFor: null });
  await dropTasks(hand);
}

/** What waited for staff has been answered; a task that reminded of it is done. */
export async function dropTasks({ tx, supply, at, actor }: SupplyInHand): Promise<void> {
  const outcome = actor === 'system' ? 'dropped' : 'settled';
  const kinds = ['supply-late', 'supply-wish', 'supply-overdue'] as const;
  await resolveTasks(tx, kinds, supply.id, { at, by: actor, outcome });
}

/** Staff decide on what the requester wants. */
export async function wishTask({ tx, supply, at }: SupplyInHand): Promise<void> {
  const workflowId = supplyProcess(supply);
  await openTask(tx, supplySubject(supply), {
    kind: 'supply-wish',
    branch: null,
    workflowId,
    at,
    dueAt: supply.answerBy && supply.answerBy > at ? supply.answerBy : at,
  });
}

/** Somebody waits for our answer, or for what was promised. */
export async function answerTask({ tx, supply, at }: SupplyInHand): Promise<void> {
  const workflowId = supplyProcess(supply);
  await openTask(tx, supplySubject(supply), {
    kind: 'supply-late',
    branch: null,
    workflowId,
    at,
    dueAt: at,
  });
}
