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
import { attributes } from '../workflows/attributes.ts';
import { answered, command, commandWorkflowId } from '../workflows/command.ts';
import * as holds from '../workflows/hold.ts';
import * as loans from '../workflows/loan.ts';
import type { About, CommandOutcome, Commands } from './commands-port.ts';
import { asEngine, asUnavailable, isTimeout, isUnavailable } from './engine-errors.ts';

export interface CommandOptions {
  readonly client: Client;
  readonly taskQueue: string;
  /** How long a request waits for a worker's answer, in milliseconds. */
  readonly answerWithin?: number;
  /** What a step was answered that was done under this key, from the database; undefined when it was not done. */
  readonly recall?: (operation: string) => Promise<object | undefined>;
}

/** A process to start, and the update whose answer the request waits for. */
interface Start {
  readonly workflow: Workflow;
  readonly workflowId: string;
  readonly input: unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- the answer's type is the caller's business
  readonly ask: UpdateDefinition<any>;
  readonly shown: SearchAttributePair[];
  /** The answer, as the result of the ended run tells it. */
  readonly answerIn: (result: object) => object;
}

const itself = (result: object): object => result;

/** Of a process only how it ended is left; of one that was refused, why. */
const standingAt = (result: object): object =>
  'refused' in result ? result : { standing: { ...result, deliver: [], ended: true } };

const askMs = 2_000;

/**
 * The API's only way to the engine. A process is started under an id derived from the request and asked for its answer in one call; the same request again finds
 * the first run, open or ended, and gets its answer.
 */
export function createCommands({
  client,
  taskQueue,
  answerWithin = 5_000,
  recall = async () => undefined,
}: CommandOptions): Commands {
  const deadline = () => Date.now() + answerWithin;
  const begin = (start: Start) => startAndAsk(client, taskQueue, start, deadline());
  const tell = (workflowId: string, update: string, wish: object, key: string, ended: Reason) =>
    askOpen(client, { workflowId, update, wish, key, ended, recall }, deadline());

  const run = (name: string, given: object, key: string, about?: About) =>
    begin({
      workflow: command,
      workflowId: commandWorkflowId(name, key),
      input: { name, arguments: given },
      ask: answered,
      answerIn: itself,
      shown: [
        { key: attributes.process, value: 'command' },
        { key: attributes.state, value: name },
        ...aboutShown(about),
      ],
    });

  const commands = {
    placeHold: (input: holds.HoldInput) =>
      begin({
        workflow: holds.hold,
        workflowId: holds.holdWorkflowId(input.holdId),
        input,
        ask: holds.placed,
        answerIn: standingAt,
        shown: shown('hold', input, 'waiting'),
      }),
    changeHold: (id: string, wish: object, key: string) =>
      tell(holds.holdWorkflowId(id), holds.changeHold.name, wish, key, { code: 'hold-ended' }),
    cancelHold: (id: string, wish: object, key: string) =>
      tell(holds.holdWorkflowId(id), holds.cancelHold.name, wish, key, { code: 'hold-ended' }),
    recordContact: (id: string, call: object, key: string) =>
      tell(holds.holdWorkflowId(id), holds.recordContact.name, call, key, { code: 'hold-ended' }),
    checkOut: (input: loans.LoanInput, plannedDueAt?: number) =>
      begin({
        workflow: loans.loan,
        workflowId: loans.loanWorkflowId(input.loanId),
        input,
        ask: loans.checkedOut,
        answerIn: standingAt,
        shown: [...shown('loan', input, 'on-loan'), ...deadlineShown(plannedDueAt)],
      }),
    checkIn: async (loanId: string | null, given: object, key: string, about?: About) => {
      const scan = { ...given, scanId: key };
      if (loanId === null) return run('checkIn', scan, key, about);
      const ended: Reason = { code: 'loan-ended' };
      const outcome = await tell(loans.loanWorkflowId(loanId), loans.checkIn.name, scan, key, ended);
      // The loan ended between the look and the scan – two desks, one item: the scan still has to say where the item goes.
      return outcome.outcome === 'refused' && outcome.refused[0] === ended
        ? run('checkIn', scan, key, about)
        : outcome;
    },
    renew: (id: string, wish: object, key: string) =>
      tell(loans.loanWorkflowId(id), loans.renew.name, wish, key, { code: 'loan-ended' }),
    run,
    ping: async () => {
      await asEngine(() =>
        client.connection.withDeadline(Date.now() + askMs, () => client.connection.ensureConnected()),
      );
    },
  };
  return commands as Commands;
}

function shown(
  process: string,
  { library, patronId }: { library: string; patronId: string },
  state: string,
): SearchAttributePair[] {
  return [
    { key: attributes.process, value: process },
    { key: attributes.library, value: library },
    { key: attributes.patron, value: patronId },
    { key: attributes.state, value: state },
  ];
}

function aboutShown({ library, patronId }: Partial<About> = {}): SearchAttributePair[] {
  return [
    ...(library ? [{ key: attributes.library, value: library }] : []),
    ...(patronId ? [{ key: attributes.patron, value: patronId }] : []),
  ];
}

/** What the check-out will most likely decide; shown from the start, it spares every loan a correction in its history. */
function deadlineShown(at: number | undefined): SearchAttributePair[] {
  return at === undefined ? [] : [{ key: attributes.deadline, value: new Date(at) }];
}

function outcomeOf(answer: object): CommandOutcome<never> {
  if ('refused' in answer) return { outcome: 'refused', refused: answer.refused as Reason[] };
  return { outcome: 'done', result: answer as never };
}

async function startAndAsk(
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

interface Question {
  readonly workflowId: string;
  readonly update: string;
  readonly wish: object;
  readonly key: string;
  /** The answer when the process has ended without this question. */
  readonly ended: Reason;
  readonly recall: (operation: string) => Promise<object | undefined>;
}

/**
 * An update that no worker has answered is not kept by the engine, so a timeout is "try again", never "accepted". The same key again is the same update.
 */
async function askOpen(client: Client, question: Question, deadline: number): Promise<CommandOutcome<never>> {
  const { workflowId, update, wish, key, ended, recall } = question;
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
      const done = await recall(`${workflowId}/${key}`);
      return done ? outcomeOf(done) : { outcome: 'refused', refused: [ended] };
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
