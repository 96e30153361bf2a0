import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Language } from '../../domain/languages.ts';
import type { Actor } from '../../domain/roles.ts';

/**
 * Something the library tells a reader, once per cause (N2): queued in the transaction that causes it, settled by `deliverNotice`.
 * `message`: shown in the reader's account only. `withdrawn`: overtaken by events before it went out.
 */
export const Notice = defineEntity({
  name: 'Notice',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    /** Null exactly where the notice goes to somebody who is no reader; then `address` and `addressee` say to whom. */
    patronId: p.uuid().nullable(),
    audience: p.string().$type<'patron' | 'applicant' | 'staff'>().default('patron'),
    address: p.string().nullable(),
    addressee: p.string().nullable(),
    kind: p.string(),
    subjectType: p.string(),
    subjectId: p.uuid(),
    cause: p.string(),
    channel: p.string().$type<'mail' | 'message'>(),
    state: p.string().$type<'queued' | 'sent' | 'shown' | 'failed' | 'withdrawn'>(),
    language: p.string().$type<Language>(),
    recipient: p.string().nullable(),
    subject: p.string().nullable(),
    bodyText: p.string().nullable(),
    bodyHtml: p.string().nullable(),
    content: p.json<Record<string, unknown>>(),
    attempts: p.integer(),
    failures: p.integer(),
    lastError: p.string().nullable(),
    createdAt: p.datetime(),
    settledAt: p.datetime().nullable(),
  },
});
export type Notice = InferEntity<typeof Notice>;

/** A decision or a chore that waits for staff (G2); the workflow named in it waits for its resolution. */
export const Task = defineEntity({
  name: 'Task',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    kind: p.string(),
    subjectType: p.string(),
    subjectId: p.uuid(),
    patronId: p.uuid().nullable(),
    branch: p.string().nullable(),
    workflowId: p.string(),
    dueAt: p.datetime(),
    createdAt: p.datetime(),
    resolvedAt: p.datetime().nullable(),
    resolvedBy: p.string().$type<Actor>().nullable(),
    outcome: p.string().nullable(),
    remarkId: p.uuid().nullable(),
  },
});
export type Task = InferEntity<typeof Task>;

/** What happened, when, and who did it; append-only. The story of a process is its events in order (G1). */
export const Event = defineEntity({
  name: 'Event',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    subjectType: p.string(),
    subjectId: p.uuid(),
    patronId: p.uuid().nullable(),
    kind: p.string(),
    actor: p.string().$type<Actor>(),
    at: p.datetime(),
    detail: p.json<Record<string, unknown>>(),
  },
});

/** The result of a step that has been done, so that doing it again returns the same and changes nothing. */
export const Operation = defineEntity({
  name: 'Operation',
  properties: {
    key: p.string().primary(),
    result: p.json<unknown>(),
    at: p.datetime(),
  },
});

/** What a staff member wrote about a decision; commands carry its id, so that no free text reaches workflow histories. */
export const Remark = defineEntity({
  name: 'Remark',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    author: p.uuid(),
    text: p.string(),
    createdAt: p.datetime(),
  },
});

/** A day on which a place (null: every place) is closed, or opens other hours, beyond what the policy file says. */
export const Closure = defineEntity({
  name: 'Closure',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    place: p.string().nullable(),
    day: p.date(),
    opens: p.time().nullable(),
    closes: p.time().nullable(),
    reason: p.string(),
    createdBy: p.string().$type<Actor>(),
    createdAt: p.datetime(),
  },
});

export const CartLine = defineEntity({
  name: 'CartLine',
  properties: {
    patronId: p.uuid().primary(),
    titleId: p.uuid().primary(),
    itemId: p.uuid().nullable(),
    addedAt: p.datetime(),
  },
});
