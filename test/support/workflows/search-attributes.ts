import { defineSearchAttributeKey } from '@temporalio/common';
import { sleep, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

const state = defineSearchAttributeKey('CarrelState', 'KEYWORD');
const deadline = defineSearchAttributeKey('CarrelDeadline', 'DATETIME');

export interface Seen {
  state: string | undefined;
  deadline: number | undefined;
}

/** Sets two of Carrel's search attributes, sleeps, sets one anew, and tells what it then sees. */
export async function setsSearchAttributes(sleepMs: number): Promise<Seen> {
  upsertSearchAttributes([
    { key: state, value: 'waiting' },
    { key: deadline, value: new Date(Date.now() + 1000) },
  ]);
  await sleep(sleepMs);
  upsertSearchAttributes([{ key: state, value: 'secured' }]);
  const { typedSearchAttributes: now } = workflowInfo();
  return { state: now.get(state), deadline: now.get(deadline)?.getTime() };
}
