import { allHandlersFinished, condition, defineUpdate, setHandler, workflowInfo } from '@temporalio/workflow';
import type { CommandActivities } from '../activities/index.ts';
import { database, outside } from './proxies.ts';
import type { Made } from './made.ts';

export type CommandName = keyof CommandActivities;
type Arguments<N extends CommandName> = Omit<Parameters<CommandActivities[N]>[0], keyof Made>;
export type CommandAnswer<N extends CommandName> = Awaited<ReturnType<CommandActivities[N]>>;

export interface CommandInput<N extends CommandName = CommandName> {
  readonly name: N;
  readonly arguments: Arguments<N>;
}

export const commandWorkflowId = (name: string, key: string): string => `command:${name}:${key}`;

/** The answer to the command; sent with the start. */
export const answered = defineUpdate<unknown>('answered');

/**
 * A command that belongs to no open process – block a card, withdraw an item, close a day. It is done once under the workflow's own id, and the notices it
 * causes about the reader's account are delivered before it ends.
 */
export async function command(input: CommandInput): Promise<unknown> {
  let answer: object | undefined;
  setHandler(answered, async () => {
    await condition(() => answer !== undefined);
    return answer;
  });
  const act = database[input.name] as (given: object) => Promise<object>;
  answer = await act({ ...input.arguments, operation: workflowInfo().workflowId, now: Date.now() });
  const notices = 'deliver' in answer ? (answer.deliver as string[]) : [];
  await Promise.all(notices.map((noticeId) => outside.deliverNotice({ noticeId })));
  await condition(allHandlersFinished);
  return answer;
}
