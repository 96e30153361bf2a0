import { type Patron, PatronChange } from '../../db/entities/index.ts';
import { lockPatron, present } from '../../db/locks.ts';
import { columnsOf, dataOf } from '../../db/patron-data.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { changedFields, type PatronData, pick, versionOf } from '../../domain/patron-data.ts';
import type { PatronField } from '../../domain/policy-accounts.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import { beginMemberships } from '../membership/begin-membership.ts';
import { overdraftReasons } from '../payments/credit.ts';
import type { ActivityDeps } from '../deps.ts';
import { loginReasons } from './login-reasons.ts';
import { type OpenPatron, openPatron } from './open-patron.ts';
import { patronSubject, record } from '../record.ts';

/** What is to be changed stands in the `patron_change` of that id, so that no personal data reaches the engine. */
export interface ChangePatron extends Step {
  readonly changeId: string;
}

export interface ChangedPatron {
  readonly patronId: string;
  /** What is different now; empty when all of it was so already. */
  readonly fields: readonly PatronField[];
}

/** Changes of readers' data, and cards opened at the desk (A6, A12). Who may change what has been decided when the change was submitted. */
export function createPatronDataActivities(deps: ActivityDeps) {
  return {
    changePatron: (step: ChangePatron) => changePatron(deps, step),
    openPatron: (step: OpenPatron) => open(deps, step),
  };
}

/** Opens a card once; in a library that takes a usage fee its process begins at once, and raises it (F2). */
async function open(deps: ActivityDeps, step: OpenPatron): Promise<Refused | { patronId: string }> {
  const answer = await once(deps.orm, step, (tx) => openPatron(deps, tx, step));
  if ('patronId' in answer) await beginMemberships(deps, [answer.patronId]);
  return answer;
}

/** Applies a change once, all of it or none; a process that looks at the reader's data is woken. */
async function changePatron(deps: ActivityDeps, step: ChangePatron): Promise<Refused | ChangedPatron> {
  const answer = await once(deps.orm, step, (tx) => applyChange(tx, step));
  if ('fields' in answer && answer.fields.includes('userGroup'))
    await deps.engine.wake([`membership:${answer.patronId}`]);
  return answer;
}

async function applyChange(tx: Tx, { changeId, now }: ChangePatron): Promise<Refused | ChangedPatron> {
  const change = present(await tx.findOne(PatronChange, { id: changeId }), `change ${changeId}`);
  const patron = await lockPatron(tx, change.patronId);
  if (!patron || patron.erasedAt) {
    change.wanted = {};
    return refuse({ code: 'patron-unknown' });
  }
  const data = dataOf(patron);
  const wanted = change.wanted as Partial<PatronData>;
  const reasons = await reasonsAgainst(tx, patron, change, data);
  if (reasons.length > 0) return refuse(...reasons);
  const fields = changedFields(data, wanted);
  tx.assign(patron, columnsOf(pick(wanted, fields)));
  const at = new Date(now);
  tx.assign(change, { before: pick(data, fields), fields, appliedAt: at });
  const remark = change.remarkId ? { remarkId: change.remarkId } : {};
  if (fields.length > 0) {
    const detail = { changeId, fields, ...remark };
    record(tx, patronSubject(patron), { kind: 'patron-changed', actor: change.actor, at, detail });
  }
  return { patronId: patron.id, fields };
}

async function reasonsAgainst(
  tx: Tx,
  patron: Patron,
  change: PatronChange,
  data: PatronData,
): Promise<Reason[]> {
  if (patron.closedAt) return [{ code: 'patron-closed' }];
  if (change.seen && change.seen !== versionOf(data)) return [{ code: 'precondition-failed' }];
  const { login, overdraftLimit } = change.wanted as Partial<PatronData>;
  return [
    ...(await loginReasons(tx, patron, login)),
    ...(await overdraftReasons(tx, patron, overdraftLimit)),
  ];
}
