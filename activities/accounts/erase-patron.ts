import { v7 as uuid } from 'uuid';
import { Erasure, type Patron } from '../../db/entities/index.ts';
import { lockWithMain } from '../../db/locks.ts';
import { bind, personalTables } from '../../db/personal-data/index.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { erasureReasons, type OpenBusiness } from '../../domain/erasure.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { part } from '../families/family-links.ts';
import type { ToDeliver } from '../notices/notices.ts';
import { patronSubject, record } from '../record.ts';

export interface ErasePatron extends Step {
  readonly erasureId: string;
  readonly patronId: string;
  readonly actor: Actor;
}

/** Of a sub card the main card’s holder is told that it is linked no longer. */
export interface Erased extends ToDeliver {
  readonly erasureId: string;
  readonly patronId: string;
}

export function createErasureActivities(deps: ActivityDeps) {
  return { erasePatron: (step: ErasePatron) => erasePatron(deps, step) };
}

/**
 * Takes a person out of everything the service knows, in one transaction: holds and loans become anybody's of the user group, money stays on an id without a
 * person, texts and addresses go. Refused with the whole list while something is open. The reader's row is locked, so that a hold placed at the same moment
 * either stands in the way or finds the card closed.
 */
async function erasePatron(deps: ActivityDeps, step: ErasePatron): Promise<Refused | Erased> {
  const answer = await once(deps.orm, step, (tx) => erase(deps, tx, step));
  if ('erasureId' in answer) await deps.engine.wake([`membership:${step.patronId}`]);
  return answer;
}

async function erase(deps: ActivityDeps, tx: Tx, step: ErasePatron): Promise<Refused | Erased> {
  const { patronId, erasureId, actor } = step;
  const cards = await lockWithMain(tx, patronId);
  const patron = cards?.sub;
  if (!patron || patron.erasedAt) return refuse({ code: 'patron-unknown' });
  const reasons = erasureReasons(await openBusiness(tx, patron));
  if (reasons.length > 0) return refuse(...reasons);
  const at = new Date(step.now);
  const { library } = patron;
  const change = { operation: step.operation, actor, at };
  const deliver = cards.main
    ? await part(tx, deps.policies.get(library), { main: cards.main, sub: patron }, change)
    : [];
  tx.create(Erasure, { id: erasureId, library, patronId, actor, at });
  await tx.flush();
  const values = { patron: patronId, anonymous: await anonymousOf(deps, tx, patron), at };
  const counts: Record<string, number> = {};
  for (const { table, erase: statements } of personalTables)
    for (const statement of statements) {
      const { text, values: given } = bind(statement, values);
      const { affectedRows } = await tx.execute<{ affectedRows: number }>(text, given, 'run');
      counts[table] = (counts[table] ?? 0) + affectedRows;
    }
  tx.clear();
  record(tx, patronSubject(patron), { kind: 'erased', actor, at, detail: { erasureId, counts } });
  return { erasureId, patronId, deliver };
}

async function openBusiness(tx: Tx, patron: Patron): Promise<OpenBusiness> {
  const { text, values } = bind(
    `select
       (select count(*)::int from loan where patron_id = :patron and ended_at is null) as loans,
       (select count(*)::int from hold where patron_id = :patron and ended_at is null) as holds,
       (select count(*)::int from patron where main_id = :patron) as subs,
       (select count(*)::int from application where patron_id = :patron and ended_at is null) as applications,
       (select count(*)::int from payment where patron_id = :patron and ended_at is null) as payments,
       (select coalesce(sum(remaining), 0)::float8 from charge where patron_id = :patron and remaining > 0) as "owedMinor",
       (select coalesce(-sum(amount), 0)::float8 from posting where account = 'prepaid:' || :patron::text) as "balanceMinor",
       (select greatest(deposit, (select -coalesce(sum(amount), 0) from posting where account = 'deposit:' || :patron::text))::float8
         from patron where id = :patron) as "depositMinor"`,
    { patron: patron.id },
  );
  const [open] = await tx.execute<OpenBusiness[]>(text, values);
  if (!open) throw new Error('What is open was not read.');
  return open;
}

/**
 * The reader without a name who has the past of all erased readers of a user group: statistics by group stay as they were (F10). Opened and closed at the beginning of
 * time, it is counted as a card of no period.
 */
async function anonymousOf(
  { policies }: ActivityDeps,
  tx: Tx,
  { library, userGroup }: Patron,
): Promise<string> {
  const card = `anonymous:${userGroup}`;
  const { language } = policies.get(library);
  const beginning = new Date(0);
  await tx.execute(
    `insert into patron (id, library, card, name, email_state, language, user_group, closed_at, erased_at, created_at)
     values (?, ?, ?, '', 'none', ?, ?, ?, ?, ?) on conflict (library, card) do nothing`,
    [uuid(), library, card, language, userGroup, beginning, beginning, beginning],
  );
  const [row] = await tx.execute<{ id: string }[]>('select id from patron where library = ? and card = ?', [
    library,
    card,
  ]);
  if (!row) throw new Error('There is no reader without a name.');
  return row.id;
}
