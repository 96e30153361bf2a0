import type { z } from 'zod';
import {
  eventsOf,
  paymentEvents,
  noticesAbout,
  type StoryProcess,
  storySubject,
  tasksAbout,
} from '../../../db/queries/story.ts';
import { findProcedure } from '../../../domain/policy-registration.ts';
import { readerOf } from '../../bodies/desk.ts';
import { isoOrNull } from '../../bodies/hold.ts';
import { timeline } from '../../bodies/story.ts';
import { EngineUnavailable } from '../../commands-port.ts';
import type { ApiDeps } from '../../deps.ts';
import type { PresentState } from '../../processes-port.ts';
import type { story } from '../../schemas/story.ts';
import { iso } from '../../schemas/values.ts';
import type { Words } from '../../words.ts';

type Story = z.input<typeof story>;
type EngineSays =
  | { readonly answers: true; readonly present: PresentState | undefined }
  | { readonly answers: false };

const rowProcess = /^(hold|loan|registration|payment|ill|supply):([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;
/** What has no row to tell of, or none of a reader: a command, a usage fee's year, a bank's file, a day's comparison, the line to another agency. */
const engineProcess = /^(command|membership|statement|reconciliation|peer):/;

function procedureName({ policy, language }: Words, code: string): string {
  return findProcedure(policy, code)?.name[language] ?? code;
}

const stateTexts: Readonly<Record<StoryProcess, string>> = {
  hold: 'state.hold',
  loan: 'state.loan',
  registration: 'state.application',
  payment: 'money.paymentState',
  ill: 'state.ill',
  supply: 'supply.status',
};

function titleOf(words: Words, process: StoryProcess, title: string): string {
  if (process === 'registration') return procedureName(words, title);
  return process === 'payment' ? words.text(`money.payment.${title}`) : title;
}

function engineText(words: Words, says: EngineSays): string {
  if (!says.answers) return words.text('story.engine-silent');
  if (!says.present) return words.text('story.engine-forgotten');
  const { status } = says.present;
  if (status === 'running') return words.text('story.engine-running');
  return words.text(status === 'completed' ? 'story.engine-ended' : 'story.engine-broken');
}

function presentBody(present: PresentState): NonNullable<Story['engine']['present']> {
  const { status, state, startedAt, closedAt, deadline, nextTimerAt, historyEvents, pending } = present;
  return {
    status,
    state,
    startedAt: iso(startedAt),
    closedAt: isoOrNull(closedAt),
    deadline: isoOrNull(deadline),
    nextTimerAt: isoOrNull(nextTimerAt),
    historyEvents,
    pending: pending.map((each) => ({ ...each, nextAttemptAt: isoOrNull(each.nextAttemptAt) })),
  };
}

/**
 * Tells the story of a process of a library, from the database and, as far as it answers, from the engine; undefined where the library has no such
 * process. Of a process without a row that tells of it only the engine knows.
 */
export function createStories(deps: Pick<ApiDeps, 'orm' | 'processes'>) {
  const ask = async (workflowId: string): Promise<EngineSays> => {
    try {
      return { answers: true, present: await deps.processes.look(workflowId) };
    } catch (error) {
      if (error instanceof EngineUnavailable) return { answers: false };
      throw error;
    }
  };

  const engineBody = (words: Words, workflowId: string, says: EngineSays): Story['engine'] => ({
    answers: says.answers,
    text: engineText(words, says),
    present: says.answers && says.present ? presentBody(says.present) : null,
    url: deps.processes.pageOf(workflowId) ?? null,
  });

  const ofRow = async (
    library: string,
    workflowId: string,
    { process, id }: { process: StoryProcess; id: string },
    words: Words,
    now: number,
  ): Promise<Story | undefined> => {
    const subject = await storySubject(deps.orm, process, { library, id, now: new Date(now) });
    if (!subject) return undefined;
    const [says, events, notices, tasks] = await Promise.all([
      ask(workflowId),
      process === 'payment' && subject.reader
        ? paymentEvents(deps.orm, subject.reader.patronId, id)
        : eventsOf(deps.orm, id),
      noticesAbout(deps.orm, id),
      tasksAbout(deps.orm, id),
    ]);
    return {
      workflowId,
      process,
      state: subject.state,
      stateText: words.text(`${stateTexts[process]}.${subject.state}`),
      deadline: isoOrNull(subject.deadline),
      reader: subject.reader && readerOf(subject.reader),
      title: titleOf(words, process, subject.title),
      engine: engineBody(words, workflowId, says),
      timeline: timeline(words, { events, notices, tasks }),
    };
  };

  const ofEngine = async (library: string, workflowId: string, words: Words): Promise<Story | undefined> => {
    const present = await deps.processes.look(workflowId);
    if (present?.library !== library) return undefined;
    const says = { answers: true, present } as const;
    return {
      workflowId,
      process: workflowId.slice(0, workflowId.indexOf(':')),
      state: present.state ?? '',
      stateText: engineText(words, says),
      deadline: null,
      reader: null,
      title: null,
      engine: engineBody(words, workflowId, says),
      timeline: [],
    };
  };

  return (library: string, workflowId: string, words: Words, now: number): Promise<Story | undefined> => {
    const [, process, id] = rowProcess.exec(workflowId) ?? [];
    if (process && id)
      return ofRow(library, workflowId, { process: process as StoryProcess, id }, words, now);
    return engineProcess.test(workflowId) ? ofEngine(library, workflowId, words) : Promise.resolve(undefined);
  };
}
