import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, type Workflow } from '@temporalio/common';
import type { Roused } from '../activities/deps.ts';
import { attributes } from '../workflows/attributes.ts';
import { hold, wake } from '../workflows/hold.ts';
import { ill } from '../workflows/ill.ts';
import { peer } from '../workflows/peer.ts';
import { supply } from '../workflows/supply.ts';

interface Beginning {
  readonly workflow: Workflow;
  readonly input: object;
  readonly state: string;
}

/** A process begun anew finds its row by its id; the rest of the input is not looked at. */
function beginningOf({ process, id, library, patronId }: Roused): Beginning {
  if (process === 'peer') return { workflow: peer, input: { peerId: id, library }, state: 'working' };
  if (process === 'supply')
    return { workflow: supply, input: { supplyId: id, library }, state: 'RequestReceived' };
  if (process === 'hold') {
    const placed = { titleId: '', pickupPlace: '', contact: 'none', channel: 'desk' } as const;
    const input = { ...placed, holdId: id, library, patronId: patronId ?? '', actor: 'system' };
    return { workflow: hold, input, state: 'waiting' };
  }
  const input = { requestId: id, library, patronId: patronId ?? '', actor: 'system' };
  return { workflow: ill, input, state: 'requested' };
}

/** Signals each process, and begins those that are not open: once each, whoever else rouses them at the same time. */
export async function rouse(client: Client, taskQueue: string, processes: readonly Roused[]): Promise<void> {
  const once = new Map(processes.map((each) => [`${each.process}:${each.id}`, each]));
  await Promise.all([...once].map(([workflowId, each]) => rouseOne(client, taskQueue, workflowId, each)));
}

async function rouseOne(
  client: Client,
  taskQueue: string,
  workflowId: string,
  roused: Roused,
): Promise<void> {
  const { workflow, input, state } = beginningOf(roused);
  const { process, library, patronId, standing } = roused;
  await client.workflow.signalWithStart(workflow, {
    workflowId,
    taskQueue,
    args: [input],
    signal: wake,
    signalArgs: standing ? [standing] : [],
    typedSearchAttributes: new TypedSearchAttributes([
      { key: attributes.process, value: process },
      { key: attributes.library, value: library },
      ...(patronId ? [{ key: attributes.patron, value: patronId }] : []),
      { key: attributes.state, value: state },
    ]),
  });
}
