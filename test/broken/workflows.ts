import { condition, setHandler, sleep } from '@temporalio/workflow';
import { placed } from '../../workflows/hold.ts';
import { database } from '../../workflows/proxies.ts';
import type { HoldAnswer, HoldInput } from '../../workflows/hold.ts';

/** A hold as somebody in a hurry might change it: a pause before the first step, which no running hold has in its history. */
export async function hold(input: HoldInput): Promise<HoldAnswer> {
  let answer: HoldAnswer | undefined;
  setHandler(placed, async () => {
    await condition(() => answer !== undefined);
    return answer as HoldAnswer;
  });
  await sleep('1s');
  answer = await database.placeHold({ ...input, now: Date.now() });
  return answer;
}
