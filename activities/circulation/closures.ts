import { Temporal } from 'temporal-polyfill';
import { Closure, Remark } from '../../db/entities/index.ts';
import { lockLibrary } from '../../db/locks.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { places } from '../../domain/calendar.ts';
import { type Kind, lentKinds } from '../../domain/kinds.ts';
import { loanEnd, loanPeriod } from '../../domain/loans.ts';
import { countsDays } from '../../domain/policy-values.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { instantAt, windowEnd } from '../../domain/windows.ts';
import type { ActivityDeps } from '../deps.ts';
import { toDate } from '../facts.ts';
import { record, type Subject } from '../record.ts';

export interface AddClosure extends Step {
  readonly closureId: string;
  readonly library: string;
  /** Null: every place of the library. */
  readonly place: string | null;
  /** Civil day `YYYY-MM-DD` in the library's zone. */
  readonly day: string;
  /** Special hours `HH:MM`; without them the place is closed. */
  readonly opens?: string;
  readonly closes?: string;
  readonly actor: Actor;
  /** The reason as it is shown to readers. */
  readonly remarkId: string;
}

export interface ClosureAdded {
  readonly closureId: string;
  /** How many pickup windows and due dates that ended on the day were moved. */
  readonly holds: number;
  readonly loans: number;
}

export interface RemoveClosure extends Step {
  readonly closureId: string;
  readonly library: string;
  readonly actor: Actor;
}

/** What staff decide about the library's calendar. */
export function createCalendarActivities(deps: ActivityDeps) {
  return {
    addClosure: (step: AddClosure) => once(deps.orm, step, (tx) => addClosure(deps, tx, step)),
    removeClosure: (step: RemoveClosure) => once(deps.orm, step, (tx) => removeClosure(tx, step)),
  };
}

/**
 * Closes a place on a day, or opens it other hours. Pickup windows and due dates that end there on that day move to the next open day (H10), by one statement a
 * place; never back. The workflows find the new date when they wake.
 */
async function addClosure(deps: ActivityDeps, tx: Tx, step: AddClosure): Promise<Refused | ClosureAdded> {
  const { library, place, day, actor } = step;
  const policy = deps.policies.get(library);
  if (place !== null && !places(policy).some(({ code }) => code === place))
    return refuse({ code: 'place-unknown', place });
  await lockLibrary(tx, library);
  if (await tx.findOne(Closure, { library, place, day })) return refuse({ code: 'closure-exists', day });
  const at = new Date(step.now);
  const reason = (await tx.findOneOrFail(Remark, { id: step.remarkId })).text;
  const hours = { opens: step.opens ?? null, closes: step.closes ?? null };
  tx.create(Closure, {
    id: step.closureId,
    library,
    place,
    day,
    ...hours,
    reason,
    createdBy: actor,
    createdAt: at,
  });
  await tx.flush();
  const moved = await moveDeadlines(tx, policy, step, at);
  const detail = { place, day, ...moved };
  record(tx, subjectOf(step.closureId, library), { kind: 'closure-added', actor, at, detail });
  return { closureId: step.closureId, ...moved };
}

const subjectOf = (id: string, library: string): Subject => ({
  type: 'closure',
  id,
  library,
  patronId: null,
});

/** Takes back what was entered by mistake, or turned out otherwise. Deadlines that it moved stay where they are: readers may have been told of them. */
async function removeClosure(
  tx: Tx,
  { closureId: id, library, actor, now }: RemoveClosure,
): Promise<Refused | { closureId: string }> {
  await lockLibrary(tx, library);
  const closure = await tx.findOne(Closure, { id, library });
  if (!closure) return refuse({ code: 'closure-unknown' });
  const { place, day, opens, closes } = closure;
  tx.remove(closure);
  const detail = { place, day, opens, closes };
  record(tx, subjectOf(id, library), { kind: 'closure-removed', actor, at: new Date(now), detail });
  return { closureId: id };
}

/** The day as instants, and the window that asks for the first open day from it on. */
function dayAt(policy: LibraryPolicy, day: string) {
  const date = Temporal.PlainDate.from(day);
  const start = (shift: number) => instantAt(policy, date.add({ days: shift }), '00:00');
  return { begins: toDate(start(0)), ends: toDate(start(1)), window: { from: start(-1), window: 'P1D' } };
}

const moveHolds = `update hold set keep_until = ? where library = ? and pickup_place = ? and state = 'secured'
  and keep_until >= ? and keep_until < ? and keep_until < ?`;
const moveLoans = `update loan set due_at = ? where library = ? and branch = ? and ended_at is null
  and due_at >= ? and due_at < ? and due_at < ? and kind = any(?::text[])`;

async function moveDeadlines(
  tx: Tx,
  policy: LibraryPolicy,
  { library, place, day }: AddClosure,
  at: Date,
): Promise<{ holds: number; loans: number }> {
  const closures = await closuresFrom(tx, library, at);
  const { begins, ends, window } = dayAt(policy, day);
  const move = async (
    sql: string,
    code: string,
    end: Temporal.Instant,
    ...more: string[]
  ): Promise<number> => {
    const values = [toDate(end), library, code, begins, ends, toDate(end), ...more];
    return (await tx.execute<{ affectedRows: number }>(sql, values, 'run')).affectedRows;
  };
  const moved = { holds: 0, loans: 0 };
  for (const { code } of places(policy)) {
    if (place !== null && code !== place) continue;
    const request = { policy, closures, place: code, ...window };
    const { lapseOnClosedDay } = policy.holds;
    if (inDays(policy.holds.window)) {
      moved.holds += await move(moveHolds, code, windowEnd({ ...request, onClosedDay: lapseOnClosedDay }));
    }
    const due = loanEnd({ ...request, onClosedDay: policy.loans.dueOnClosedDay });
    moved.loans += await move(moveLoans, code, due, `{${kindsInDays(policy).join(',')}}`);
  }
  return moved;
}

/** A window in clock time knows no closing, so no closure moves it. */
const inDays = (window: string): boolean => countsDays(Temporal.Duration.from(window));

/** Kinds whose loans are due on a day, and not at a time. */
const kindsInDays = (policy: LibraryPolicy): Kind[] =>
  lentKinds.filter((kind) => inDays(loanPeriod(policy, kind)));
