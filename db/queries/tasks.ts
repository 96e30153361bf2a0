import type { MikroORM } from '@mikro-orm/postgresql';
import type { Kind } from '../../domain/kinds.ts';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { readerColumns, type ReaderColumns } from './desk.ts';

/** A task of the work list with what is needed to do it (G2, H10). Instants are epoch milliseconds. */
export interface TaskRow extends ReaderColumns {
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
  readonly phone: string | null;
  readonly titleId: string;
  readonly titleKind: Kind;
  readonly title: string;
  readonly author: string | null;
  readonly barcode: string | null;
  readonly pickupPlace: string;
  readonly securedAt: number | null;
  readonly keepUntil: number | null;
  /** Calls that did not reach the reader. */
  readonly calls: number;
}

/** Every task so far is about a hold; one about something else brings its own join. */
const select = `
  select task.id, task.kind, task.subject_type as "subjectType", task.subject_id as "subjectId", task.workflow_id as "workflowId", task.branch,
    ${epochMs('task.due_at')} as "dueAt", ${epochMs('task.created_at')} as "createdAt", ${epochMs('task.resolved_at')} as "resolvedAt",
    task.resolved_by as "resolvedBy", staff_member.name as "resolverName", task.outcome, remark.text as remark,
    ${readerColumns}, patron.phone, title.id as "titleId", title.kind as "titleKind", title.title, title.author, item.barcode,
    hold.pickup_place as "pickupPlace", ${epochMs('hold.secured_at')} as "securedAt", ${epochMs('hold.keep_until')} as "keepUntil",
    (select count(*)::int from event where event.subject_id = hold.id and event.kind = 'call-not-reached') as calls
  from task
  join hold on hold.id = task.subject_id
  join title on title.id = hold.title_id
  join patron on patron.id = hold.patron_id
  left join item on item.id = hold.item_id
  left join remark on remark.id = task.remark_id
  left join staff_member on task.resolved_by = 'staff:' || staff_member.id
  where task.library = $1`;

export interface TaskSearch {
  readonly library: string;
  readonly state: 'open' | 'overdue' | 'done';
  readonly kind?: string | undefined;
  /** Tasks of this branch's desk and those of any. */
  readonly branch?: string | undefined;
  readonly now: Date;
  readonly limit: number;
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
}

const filters = `
  and ($2::text is null or task.kind = $2) and ($3::text is null or task.branch is null or task.branch = $3)`;

const open: Statement = {
  name: 'tasks-open',
  text: `${select} and task.resolved_at is null ${filters}
    and ($4::timestamptz is null or task.due_at < $4)
    and ($5::timestamptz is null or (task.due_at, task.id) > ($5, $6::uuid))
    order by task.due_at, task.id limit $7`,
};

const done: Statement = {
  name: 'tasks-done',
  text: `${select} and task.resolved_at is not null ${filters}
    and ($4::timestamptz is null or (task.resolved_at, task.id) < ($4, $5::uuid))
    order by task.resolved_at desc, task.id desc limit $6`,
};

/** Tasks in the order they fall due, or those done, the latest first; one more than asked for tells that there is a next page. */
export function tasksOf(orm: MikroORM, search: TaskSearch): Promise<TaskRow[]> {
  const { library, state, kind, branch, now, limit, after } = search;
  const where = [library, kind, branch];
  if (state === 'done') return rowsOf(orm, done, [...where, after?.at, after?.id, limit + 1]);
  return rowsOf(orm, open, [...where, state === 'overdue' ? now : null, after?.at, after?.id, limit + 1]);
}

const one: Statement = { name: 'task', text: `${select} and task.id = $2` };

export async function taskById(orm: MikroORM, library: string, id: string): Promise<TaskRow | undefined> {
  return (await rowsOf<TaskRow>(orm, one, [library, id]))[0];
}

const ofSubject: Statement = {
  name: 'task-of-subject',
  text: `${select} and task.subject_id = $2 and task.kind = $3 and task.resolved_at is null`,
};

/** The open task of a kind about a hold. */
export async function openTask(
  orm: MikroORM,
  library: string,
  subjectId: string,
  kind: string,
): Promise<TaskRow | undefined> {
  return (await rowsOf<TaskRow>(orm, ofSubject, [library, subjectId, kind]))[0];
}
