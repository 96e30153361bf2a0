import type { MikroORM } from '@mikro-orm/postgresql';
import type { Kind } from '../../domain/kinds.ts';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { readerColumns } from './desk.ts';

/** A task of the work list with what is needed to do it (G2, H10). Instants are epoch milliseconds. */
export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly workflowId: string;
  /** Whose desk does it; null: any. */
  readonly branch: string | null;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly resolvedAt: number | null;
  readonly resolvedBy: Actor | null;
  /** Of the member of staff who did it. */
  readonly resolverName: string | null;
  readonly outcome: string | null;
  readonly remark: string | null;
  /** The reader it is about; all null for an applicant who is none. */
  readonly patronId: string | null;
  readonly card: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  /** Of a task about a hold. */
  readonly titleId: string | null;
  readonly titleKind: Kind | null;
  readonly title: string | null;
  readonly author: string | null;
  readonly barcode: string | null;
  readonly pickupPlace: string | null;
  readonly securedAt: number | null;
  readonly keepUntil: number | null;
  /** Calls that did not reach the reader. */
  readonly calls: number;
  /** Of a task about an application. */
  readonly procedure: string | null;
  readonly version: number | null;
  readonly applicant: string | null;
}

const select = `
  select task.id, task.kind, task.subject_type as "subjectType", task.subject_id as "subjectId", task.workflow_id as "workflowId", task.branch,
    ${epochMs('task.due_at')} as "dueAt", ${epochMs('task.created_at')} as "createdAt", ${epochMs('task.resolved_at')} as "resolvedAt",
    task.resolved_by as "resolvedBy", staff_member.name as "resolverName", task.outcome, remark.text as remark,
    ${readerColumns}, coalesce(patron.phone, form.phone) as phone,
    title.id as "titleId", title.kind as "titleKind", title.title, title.author, item.barcode,
    hold.pickup_place as "pickupPlace", ${epochMs('hold.secured_at')} as "securedAt", ${epochMs('hold.keep_until')} as "keepUntil",
    (select count(*)::int from event where event.subject_id = hold.id and event.kind = 'call-not-reached') as calls,
    application.procedure, application.version, form.name as applicant
  from task
  left join hold on task.subject_type = 'hold' and hold.id = task.subject_id
  left join title on title.id = hold.title_id
  left join item on item.id = hold.item_id
  left join application on task.subject_type = 'application' and application.id = task.subject_id
  left join application_form form on form.application_id = application.id and form.version = application.version
  left join patron on patron.id = coalesce(hold.patron_id, application.patron_id, task.patron_id)
  left join remark on remark.id = task.remark_id
  left join staff_member on task.resolved_by = 'staff:' || staff_member.id
  where task.library = $1`;

/** What a role has to do with (A13): the chores of the desk, interlibrary loan, what is to be decided about money, and the applications of some procedures. */
export interface TaskScope {
  readonly desk: boolean;
  readonly ill: boolean;
  readonly money: boolean;
  readonly procedures: readonly string[];
}

export interface TaskSearch {
  readonly library: string;
  readonly state: 'open' | 'overdue' | 'done';
  readonly scope: TaskScope;
  readonly kind?: string | undefined;
  /** Tasks of this branch's desk and those of any. */
  readonly branch?: string | undefined;
  readonly now: Date;
  readonly limit: number;
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
}

const inScope = `(case when task.subject_type = 'application' then application.procedure = any($3::text[])
  when task.subject_type in ('ill', 'supply', 'peer') then $5::boolean
  when task.subject_type in ('hold', 'loan', 'item', 'patron', 'closure') then $2::boolean else $4::boolean end)`;

const filters = `
  and ${inScope} and ($6::text is null or task.kind = $6) and ($7::text is null or task.branch is null or task.branch = $7)`;

const open: Statement = {
  name: 'tasks-open',
  text: `${select} and task.resolved_at is null ${filters}
    and ($8::timestamptz is null or task.due_at < $8)
    and ($9::timestamptz is null or (task.due_at, task.id) > ($9, $10::uuid))
    order by task.due_at, task.id limit $11`,
};

const done: Statement = {
  name: 'tasks-done',
  text: `${select} and task.resolved_at is not null ${filters}
    and ($8::timestamptz is null or (task.resolved_at, task.id) < ($8, $9::uuid))
    order by task.resolved_at desc, task.id desc limit $10`,
};

const within = (library: string, { desk, procedures, money, ill }: TaskScope) => [
  library,
  desk,
  procedures,
  money,
  ill,
];

/** Tasks in the order they fall due, or those done, the latest first; one more than asked for tells that there is a next page. */
export function tasksOf(orm: MikroORM, search: TaskSearch): Promise<TaskRow[]> {
  const { library, state, scope, kind, branch, now, limit, after } = search;
  const where = [...within(library, scope), kind, branch];
  if (state === 'done') return rowsOf(orm, done, [...where, after?.at, after?.id, limit + 1]);
  return rowsOf(orm, open, [...where, state === 'overdue' ? now : null, after?.at, after?.id, limit + 1]);
}

const one: Statement = { name: 'task', text: `${select} and ${inScope} and task.id = $6` };

/** A task of the library, unless it is none of these roles' business. */
export async function taskById(
  orm: MikroORM,
  library: string,
  scope: TaskScope,
  id: string,
): Promise<TaskRow | undefined> {
  return (await rowsOf<TaskRow>(orm, one, [...within(library, scope), id]))[0];
}

const ofSubject: Statement = {
  name: 'task-of-subject',
  text: `${select} and task.subject_id = $2 and task.kind = $3 and task.resolved_at is null`,
};

/** The open task of a kind about a subject. */
export async function openTask(
  orm: MikroORM,
  library: string,
  subjectId: string,
  kind: string,
): Promise<TaskRow | undefined> {
  return (await rowsOf<TaskRow>(orm, ofSubject, [library, subjectId, kind]))[0];
}
