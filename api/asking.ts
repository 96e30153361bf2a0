import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  type SearchAttributePair,
  TypedSearchAttributes,
  type UpdateDefinition,
  type Workflow,
} from '@temporalio/common';
import type { Reason } from '../domain/refusal.ts';
import type { CommandOutcome } from './commands-port.ts';
import type { RowsSay } from './rows-say.ts';
import { asEngine, asUnavailable, isTimeout, isUnavailable } from './engine-errors.ts';

/** A process to start, and the update whose answer the request waits for. */
export interface Start {
  readonly workflow: Workflow;
  readonly workflowId: string;
  readonly input: unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- the answer's type is the caller's business
  readonly ask: UpdateDefinition<any>;
  readonly shown: SearchAttributePair[];
  /** The answer, as the result of the ended run tells it. */
  readonly answerIn: (result: object) => object;
}

/** How the commands of a process reach the engine: with its start, or as an update of one that has been started. */
export interface Ways {
  readonly begin: (start: Start) => Promise<CommandOutcome<never>>;
  readonly tell: (
    workflowId: string,
    update: string,
    wish: object,
    key: string,
    ended: Reason,
  ) => Promise<CommandOutcome<never>>;
}

export const itself = (result: object): object => result;

/** Of a process only how it ended is left; of one that was refused, why. */
export const standingAt = (result: object): object =>
  'refused' in result ? result : { standing: { ...result, deliver: [], ended: true } };

/** How long a second look at the engine may take, in milliseconds. */
export const askMs = 2_000;

function outcomeOf(answer: object): CommandOutcome<never> {
  if ('refused' in answer) return { outcome: 'refused', refused: answer.refused as Reason[] };
  return { outcome: 'done', result: answer as never };
}

/** Starts a process, or finds the one that was started by the same request, and gets the answer to its first update. */
export async function startAndAsk(
  client: Client,
  taskQueue: string,
  start: Start,
  deadline: number,
): Promise<CommandOutcome<never>> {
  const { workflow, workflowId, input, ask, answerIn, shown: pairs } = start;
  const startWorkflowOperation = new WithStartWorkflowOperation(workflow, {
    workflowId,
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: new TypedSearchAttributes(pairs),
  });
  startWorkflowOperation.workflowHandle().catch(() => undefined);
  try {
    const options = { updateId: ask.name, startWorkflowOperation };
    return outcomeOf(
      await client.withDeadline(deadline, () => client.workflow.executeUpdateWithStart(ask, options)),
    );
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      return earlierAnswer(client, workflowId, ask.name).catch((missing: unknown) =>
        answerFromResult(client, workflowId, answerIn, missing),
      );
    if (isTimeout(error) && (await isHeld(client, workflowId))) return { outcome: 'accepted' };
    throw asUnavailable(error);
  }
}

/** The run has ended; what its first update was answered is in its history. */
async function earlierAnswer(
  client: Client,
  workflowId: string,
  updateId: string,
): Promise<CommandOutcome<never>> {
  return asEngine(async () =>
    outcomeOf(
      await client.withDeadline(Date.now() + askMs, () =>
        client.workflow.getHandle(workflowId).getUpdateHandle<object>(updateId).result(),
      ),
    ),
  );
}

/** The engine forgets a question that was not yet put to a worker when its server is killed, while the run it began goes on to its end. */
async function answerFromResult(
  client: Client,
  workflowId: string,
  answerIn: Start['answerIn'],
  missing: unknown,
): Promise<CommandOutcome<never>> {
  if (!(missing instanceof WorkflowNotFoundError)) throw missing;
  return asEngine(async () => {
    const result: unknown = await client.withDeadline(Date.now() + askMs, () =>
      client.workflow.getHandle(workflowId).result(),
    );
    return outcomeOf(answerIn(result as object));
  });
}

/** An update to an open process. */
export interface Question {
  readonly workflowId: string;
  readonly update: string;
  readonly wish: object;
  readonly key: string;
  /** The answer when the process has ended without this question. */
  readonly ended: Reason;
  readonly rows: RowsSay;
}

/**
 * An update that no worker has answered is not kept by the engine, so a timeout is "try again", never "accepted". The same key again is the same update.
 */
export async function askOpen(
  client: Client,
  question: Question,
  deadline: number,
): Promise<CommandOutcome<never>> {
  const { workflowId, update, wish, key, ended, rows } = question;
  const handle = client.workflow.getHandle(workflowId);
  try {
    const options = { updateId: key, args: [wish] as [object] };
    return outcomeOf(
      await client.withDeadline(deadline, () => handle.executeUpdate<object, [object]>(update, options)),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw asUnavailable(error);
    return earlierAnswer(client, workflowId, key).catch(async (missing: unknown) => {
      if (isUnavailable(missing)) throw missing;
      // The step may have been done by a worker that was killed before the engine heard of it.
      const done = await rows.recall(`${workflowId}/${key}`);
      if (done) return outcomeOf(done);
      // Asked once more, not for ever: the row may end meanwhile.
      const isRevived = await asEngine(() => client.withDeadline(deadline, () => rows.revive(workflowId)));
      return isRevived
        ? askOpen(client, { ...question, rows: { ...rows, revive: async () => false } }, deadline)
        : { outcome: 'refused', refused: [ended] };
    });
  }
}

/** Whether the engine has the process, although nobody has answered for it yet. */
async function isHeld(client: Client, workflowId: string): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + askMs, () => client.workflow.getHandle(workflowId).describe());
    return true;
  } catch {
    return false;
  }
}
