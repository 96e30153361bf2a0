import type { MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { readerColumns, type ReaderColumns } from './desk.ts';

/** Something that happened, with what staff wrote about it. Instants are epoch milliseconds. */
export interface EventRow {
  readonly id: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly kind: string;
  readonly at: number;
  readonly actor: Actor;
  /** Of a member of staff, or of a reader who acted for another. */
  readonly actorName: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly remark: string | null;
}

/** Of a reader who acted for another one, as the main card's holder may: their name. */
const actingReader = `
  case when event.actor ~ '^patron:[0-9a-f-]{36}$' and event.actor <> 'patron:' || event.patron_id
    then (select acting.name from patron acting where acting.id = substr(event.actor, 8)::uuid) end`;

const events = `
  select event.id, event.subject_type as "subjectType", event.subject_id as "subjectId", event.kind, ${epochMs('event.at')} as at, event.actor,
    coalesce(staff_member.name, ${actingReader}) as "actorName", event.detail, remark.text as remark
  from event
  left join staff_member on event.actor = 'staff:' || staff_member.id
  left join remark on remark.id::text = event.detail ->> 'remarkId'`;

const ofSubject: Statement = {
  name: 'story-events',
  text: `${events} where event.subject_id = $1 order by event.at, event.seq`,
};

const ofPayment: Statement = {
  name: 'story-payment-events',
  text: `${events} where event.subject_id = $1 and event.detail ->> 'paymentId' = $2 order by event.at, event.seq`,
};

/** What happened to a payment, in order; it is told at its reader. */
export function paymentEvents(orm: MikroORM, patronId: string, paymentId: string): Promise<EventRow[]> {
  return rowsOf(orm, ofPayment, [patronId, paymentId]);
}

/** What happened to a subject, in order. */
export function eventsOf(orm: MikroORM, subjectId: string): Promise<EventRow[]> {
  return rowsOf(orm, ofSubject, [subjectId]);
}

const ofPatron: Statement = {
  name: 'patron-events',
  text: `${events}
    where event.patron_id = $1 and ($2::timestamptz is null or (event.at, event.id) < ($2, $3::uuid))
    order by event.at desc, event.id desc limit $4`,
};

/** What happened around a reader, the latest first; one more than asked for tells that there is a next page. */
export function patronEvents(
  orm: MikroORM,
  patronId: string,
  before: { readonly at: Date; readonly id: string } | undefined,
  limit: number,
): Promise<EventRow[]> {
  return rowsOf(orm, ofPatron, [patronId, before?.at, before?.id, limit + 1]);
}

/** A message to the reader as the story tells it. */
export interface ToldNotice {
  readonly kind: string;
  readonly state: string;
  readonly channel: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

const notices: Statement = {
  name: 'story-notices',
  text: `select kind, state, channel, attempts, last_error as "lastError", ${epochMs('created_at')} as "createdAt", ${epochMs('settled_at')} as "settledAt"
    from notice where subject_id = $1 order by created_at`,
};

export function noticesAbout(orm: MikroORM, subjectId: string): Promise<ToldNotice[]> {
  return rowsOf(orm, notices, [subjectId]);
}

/** A task as the story tells it. */
export interface ToldTask {
  readonly kind: string;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly resolvedAt: number | null;
  readonly resolvedBy: Actor | null;
  readonly resolverName: string | null;
  readonly outcome: string | null;
  readonly remark: string | null;
}

const tasks: Statement = {
  name: 'story-tasks',
  text: `select task.kind, ${epochMs('task.created_at')} as "createdAt", ${epochMs('due_at')} as "dueAt", ${epochMs('resolved_at')} as "resolvedAt",
      resolved_by as "resolvedBy", staff_member.name as "resolverName", outcome, remark.text as remark
    from task left join staff_member on resolved_by = 'staff:' || staff_member.id left join remark on remark.id = task.remark_id
    where subject_id = $1 order by task.created_at`,
};

export function tasksAbout(orm: MikroORM, subjectId: string): Promise<ToldTask[]> {
  return rowsOf(orm, tasks, [subjectId]);
}

/** Whose process it is and what it is about. */
export interface StorySubject {
  /** Null: an applicant who has no card, or not yet. */
  readonly reader: ReaderColumns | null;
  readonly state: string;
  /** Of a registration the code of its procedure, of a payment its means. */
  readonly title: string;
  /** What the row says is next: the end of a pickup window, a due date, a review. */
  readonly deadline: number | null;
}

const subjects = {
  hold: {
    name: 'story-hold',
    text: `select hold.state, title.title, ${epochMs('case when hold.ended_at is null then hold.keep_until end')} as deadline, ${readerColumns}
      from hold join title on title.id = hold.title_id join patron on patron.id = hold.patron_id where hold.library = $1 and hold.id = $2`,
  },
  loan: {
    name: 'story-loan',
    text: `select coalesce(loan.end_reason, case when loan.due_at < $3 then 'overdue' else 'on-loan' end) as state, title.title,
        ${epochMs('case when loan.ended_at is null then loan.due_at end')} as deadline, ${readerColumns}
      from loan join title on title.id = loan.title_id join patron on patron.id = loan.patron_id where loan.library = $1 and loan.id = $2`,
  },
  registration: {
    name: 'story-registration',
    text: `select application.state, application.procedure as title, ${epochMs('coalesce(review_due_at, lapses_at, case when application.erased_at is null then erase_at end)')} as deadline,
        ${readerColumns}
      from application left join patron on patron.id = application.patron_id where application.library = $1 and application.id = $2`,
  },
  payment: {
    name: 'story-payment',
    text: `select payment.state, payment.means as title, ${epochMs('case when payment.ended_at is null then payment.expires_at end')} as deadline, ${readerColumns}
      from payment join patron on patron.id = payment.patron_id where payment.library = $1 and payment.id = $2`,
  },
  ill: {
    name: 'story-ill',
    text: `select request.state, request.title, ${epochMs('case when request.ended_at is null then coalesce(request.look_at, request.due_at) end')} as deadline, ${readerColumns}
      from ill_request request left join patron on patron.id = request.patron_id where request.library = $1 and request.id = $2`,
  },
  supply: {
    name: 'story-supply',
    text: `select supply.status as state, supply.title, ${epochMs(`case when supply.ended_at is null then coalesce(supply.look_at, supply.due_at, supply.answer_by) end`)} as deadline,
        null::uuid as "patronId", null::text as card, null::text as name
      from supply_request supply where supply.library = $1 and supply.id = $2`,
  },
} satisfies Record<string, Statement>;

export type StoryProcess = keyof typeof subjects;

/** The row of a process of the library; undefined where the library has no such row. */
export async function storySubject(
  orm: MikroORM,
  process: StoryProcess,
  { library, id, now }: { readonly library: string; readonly id: string; readonly now: Date },
): Promise<StorySubject | undefined> {
  const values = process === 'loan' ? [library, id, now] : [library, id];
  const [row] = await rowsOf<StorySubject & { [K in keyof ReaderColumns]: string | null }>(
    orm,
    subjects[process],
    values,
  );
  if (!row) return undefined;
  const { patronId, card, name, ...subject } = row;
  const reader = patronId === null || card === null || name === null ? null : { patronId, card, name };
  return { ...subject, reader };
}
