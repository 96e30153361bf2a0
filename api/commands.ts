import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Roused } from '../activities/deps.ts';
import { apart } from '../db/shared.ts';
import type { Reason } from '../domain/refusal.ts';
import { rouse } from '../engine/rouse.ts';
import { attributes } from '../workflows/attributes.ts';
import { answered, command, commandWorkflowId } from '../workflows/command.ts';
import * as holds from '../workflows/hold.ts';
import * as loans from '../workflows/loan.ts';
import { askMs, askOpen, itself, type Start, standingAt, startAndAsk } from './asking.ts';
import type { About, Commands } from './commands-port.ts';
import { asEngine } from './engine-errors.ts';
import { illCommands } from './ill-commands.ts';
import { paymentCommands } from './payment-commands.ts';
import { statementCommands } from './statement-commands.ts';
import { registrationCommands } from './registration-commands.ts';
import type { RowsSay } from './rows-say.ts';

export interface CommandOptions {
  readonly client: Client;
  readonly taskQueue: string;
  /** How long a request waits for a worker's answer, in milliseconds. */
  readonly answerWithin?: number;
  readonly rows: RowsSay;
}

/** Nobody waits for this: a message is confirmed before its process is told. What a busy engine does not take in this time is found by the sweep. Milliseconds. */
const rouseMs = 20_000;

/**
 * The API's only way to the engine. A process is started under an id derived from the request and asked for its answer in one call; the same request again finds
 * the first run, open or ended, and gets its answer.
 */
export function createCommands({ client, taskQueue, answerWithin = 5_000, rows }: CommandOptions): Commands {
  const deadline = () => Date.now() + answerWithin;
  const begin = async (start: Start) => {
    await apart();
    return startAndAsk(client, taskQueue, start, deadline());
  };
  const tell = async (workflowId: string, update: string, wish: object, key: string, ended: Reason) => {
    await apart();
    return askOpen(client, { workflowId, update, wish, key, ended, rows }, deadline());
  };

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
    ...registrationCommands({ begin, tell }),
    ...paymentCommands({ client, taskQueue, begin, tell }),
    ...statementCommands(begin),
    ...illCommands({ begin, tell }),
    rouse: async (processes: readonly Roused[]) => {
      await apart();
      await asEngine(() =>
        client.withDeadline(Date.now() + rouseMs, () => rouse(client, taskQueue, processes)),
      );
    },
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
