import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Restart } from '../activities/deps.ts';
import { attributes } from '../workflows/attributes.ts';
import { hold } from '../workflows/hold.ts';
import { ill } from '../workflows/ill.ts';
import { loan } from '../workflows/loan.ts';
import { membership } from '../workflows/membership.ts';
import { payment } from '../workflows/payment.ts';
import { peer } from '../workflows/peer.ts';
import { registration } from '../workflows/registration.ts';
import { statement } from '../workflows/statement.ts';
import { supply } from '../workflows/supply.ts';

/**
 * Starts the workflow of an open row that has none – it was terminated, or the engine has lost its histories. One that runs is left alone. Its first activity finds the row by its id and answers where
 * it stands; the rest of the input is not looked at.
 */
export async function restart(
  client: Client,
  taskQueue: string,
  { process, id, library, patronId, state }: Restart,
): Promise<void> {
  const typedSearchAttributes = new TypedSearchAttributes([
    { key: attributes.process, value: process },
    { key: attributes.library, value: library },
    ...(patronId === null ? [] : [{ key: attributes.patron, value: patronId }]),
    { key: attributes.state, value: state },
  ]);
  const options = {
    workflowId: `${process}:${id}`,
    taskQueue,
    typedSearchAttributes,
    workflowIdConflictPolicy: 'USE_EXISTING',
  } as const;
  const known = { library, patronId: patronId ?? '', actor: 'system' } as const;
  if (process === 'hold') {
    const placed = { titleId: '', pickupPlace: '', contact: 'none', channel: 'desk' } as const;
    await client.workflow.start(hold, { ...options, args: [{ ...known, ...placed, holdId: id }] });
  } else if (process === 'loan') {
    const lent = { ...known, loanId: id, itemId: '', branch: '' };
    await client.workflow.start(loan, { ...options, args: [lent] });
  } else if (process === 'membership') {
    await client.workflow.start(membership, { ...options, args: [{ patronId: id }] });
  } else if (process === 'statement') {
    await client.workflow.start(statement, { ...options, args: [{ fileId: id, library }] });
  } else if (process === 'ill') {
    await client.workflow.start(ill, { ...options, args: [{ ...known, requestId: id }] });
  } else if (process === 'supply') {
    await client.workflow.start(supply, { ...options, args: [{ supplyId: id, library }] });
  } else if (process === 'peer') {
    await client.workflow.start(peer, { ...options, args: [{ peerId: id, library }] });
  } else if (process === 'payment') {
    const unsaid = { means: 'online', way: '', chargeIds: [], prepaidMinor: 0, totalMinor: 0 } as const;
    await client.workflow.start(payment, { ...options, args: [{ ...known, ...unsaid, paymentId: id }] });
  } else {
    await client.workflow.start(registration, { ...options, args: [{ applicationId: id, library }] });
  }
}
