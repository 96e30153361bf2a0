import type { z } from 'zod';
import type { EventRow, ToldNotice, ToldTask } from '../../db/queries/story.ts';
import { noticeKinds } from '../../domain/kinds.ts';
import type { Actor } from '../../domain/roles.ts';
import { taskKinds, taskOutcomes } from '../../domain/tasks.ts';
import type { storyEntry } from '../schemas/story.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { eventText } from './event-text.ts';

type Entry = z.input<typeof storyEntry>;

/** Who did it, by the name staff know them by; readers are named once, at the top of the story. */
export function actorOf(words: Words, actor: Actor, name: string | null): Entry['actor'] {
  if (actor === 'system') return { kind: 'system', name: words.text('actor.system') };
  const kind = (['staff', 'applicant'] as const).find((each) => actor.startsWith(`${each}:`)) ?? 'patron';
  return { kind, name: name ?? words.text(`actor.${kind}`) };
}

/** What happened, in words. */
export function eventEntry(words: Words, row: EventRow): Entry {
  return {
    at: iso(row.at),
    source: 'event',
    kind: row.kind,
    text: eventText(words, row),
    actor: actorOf(words, row.actor, row.actorName),
    remark: row.remark,
    detail: { ...row.detail },
  };
}

/** A code in words; one this version does not know stands for itself. */
function named(words: Words, group: string, known: readonly string[], code: string): string {
  return known.includes(code) ? words.text(`${group}.${code}`) : code;
}

export function taskText(words: Words, kind: string): string {
  return named(words, 'task', taskKinds, kind);
}

export function outcomeText(words: Words, outcome: string): string {
  return named(words, 'taskOutcome', taskOutcomes, outcome);
}

export function noticeText(words: Words, kind: string): string {
  return named(words, 'noticeKind', noticeKinds, kind);
}

function noticeEntries(words: Words, row: ToldNotice): Entry[] {
  const system = actorOf(words, 'system', null);
  const notice = noticeText(words, row.kind);
  const common = { source: 'notice', kind: row.kind, actor: system, remark: null } as const;
  const queued: Entry = {
    ...common,
    at: iso(row.createdAt),
    text: words.say('story.notice', { notice, state: words.text('state.notice.queued') }),
    detail: { channel: row.channel },
  };
  if (row.settledAt === null) {
    return [{ ...queued, detail: { ...queued.detail, attempts: row.attempts, lastError: row.lastError } }];
  }
  const settled: Entry = {
    ...common,
    at: iso(row.settledAt),
    text: words.say('story.notice', { notice, state: words.text(`state.notice.${row.state}`) }),
    detail: { attempts: row.attempts, lastError: row.lastError },
  };
  return [queued, settled];
}

function taskEntries(words: Words, row: ToldTask): Entry[] {
  const task = taskText(words, row.kind);
  const common = { source: 'task', kind: row.kind } as const;
  const opened: Entry = {
    ...common,
    at: iso(row.createdAt),
    text: words.say('story.task-opened', { task, due: row.dueAt }),
    actor: actorOf(words, 'system', null),
    remark: null,
    detail: { dueAt: iso(row.dueAt) },
  };
  if (row.resolvedAt === null || row.resolvedBy === null) return [opened];
  const outcome = outcomeText(words, row.outcome ?? '');
  const resolved: Entry = {
    ...common,
    at: iso(row.resolvedAt),
    text: words.say('story.task-resolved', { task, outcome }),
    actor: actorOf(words, row.resolvedBy, row.resolverName),
    remark: row.remark,
    detail: { outcome: row.outcome },
  };
  return [opened, resolved];
}

export interface Told {
  readonly events: readonly EventRow[];
  readonly notices: readonly ToldNotice[];
  readonly tasks: readonly ToldTask[];
}

/** Events, messages and tasks of a process in the order of time; of the same instant, what happened comes before what followed from it. */
export function timeline(words: Words, { events, notices, tasks }: Told): Entry[] {
  const entries = [
    ...events.map((row) => eventEntry(words, row)),
    ...notices.flatMap((row) => noticeEntries(words, row)),
    ...tasks.flatMap((row) => taskEntries(words, row)),
  ];
  return entries.toSorted((a, b) => a.at.localeCompare(b.at));
}
