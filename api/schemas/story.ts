import { z } from 'zod';
import { readerRef } from './desk.ts';
import { id, instant } from './values.ts';

const count = z.int().min(0);

/** Who did something. */
export const actor = z
  .strictObject({ kind: z.enum(['patron', 'applicant', 'staff', 'system']), name: z.string() })
  .meta({ id: 'Actor' });

/** One line of a story. */
export const storyEntry = z
  .strictObject({
    at: instant,
    source: z.enum(['event', 'notice', 'task']),
    kind: z.string(),
    text: z.string(),
    actor,
    remark: z.string().nullable().describe('What staff wrote about it.'),
    detail: z.record(z.string(), z.unknown()).describe('Ids, codes and numbers of the record itself.'),
  })
  .meta({ id: 'StoryEntry' });

/** What happened around a reader, whichever process it belongs to. */
export const patronEvent = z
  .strictObject({ ...storyEntry.shape, id, subjectType: z.string(), subjectId: id })
  .meta({ id: 'PatronEvent' });

const pending = z.strictObject({
  activity: z.string(),
  attempt: count,
  lastFailure: z.string().nullable(),
  nextAttemptAt: instant.nullable(),
});

const status = z.enum(['running', 'completed', 'failed', 'terminated', 'cancelled', 'timed-out']);

const present = z
  .strictObject({
    status,
    state: z.string().nullable(),
    startedAt: instant,
    closedAt: instant.nullable(),
    deadline: instant.nullable(),
    nextTimerAt: instant.nullable(),
    historyEvents: count,
    pending: z.array(pending).describe('What a worker is doing or will try again.'),
  })
  .meta({ id: 'PresentState' });

/** Card and name are for those who serve readers (A13). */
const storyReader = readerRef.extend({ card: z.string().nullable(), name: z.string().nullable() }).meta({
  id: 'StoryReader',
});

export const story = z
  .strictObject({
    workflowId: z.string(),
    process: z.string(),
    state: z.string().describe('By the library’s own records.'),
    stateText: z.string(),
    deadline: instant.nullable(),
    reader: storyReader.nullable(),
    title: z.string().nullable(),
    engine: z.strictObject({
      answers: z.boolean(),
      text: z.string(),
      present: present
        .nullable()
        .describe('Null: the engine does not answer, or no longer knows the process.'),
      url: z.string().nullable().describe('The engine’s own page about it.'),
    }),
    timeline: z.array(storyEntry),
  })
  .meta({ id: 'Story' });

export const openProcess = z
  .strictObject({
    workflowId: z.string(),
    process: z.string().nullable(),
    state: z.string().nullable(),
    patronId: z.string().nullable(),
    deadline: instant.nullable(),
    startedAt: instant,
    story: z.string().describe('Path of its story.'),
    url: z.string().nullable(),
  })
  .meta({ id: 'OpenProcess' });

const finding = z.strictObject({ count, ids: z.array(z.string()).describe('A hundred at most.') });

export const sweepRun = z
  .strictObject({
    workflowId: z.string(),
    status,
    startedAt: instant,
    report: z
      .strictObject({
        looked: count,
        restarted: finding.describe('Open rows whose workflow had gone: started again.'),
        woken: finding.describe('Processes that should have acted by now: woken.'),
        orphans: finding.describe('Open workflows without any row: left for an operator.'),
      })
      .nullable()
      .describe('Null until it has ended.'),
  })
  .meta({ id: 'SweepRun' });
