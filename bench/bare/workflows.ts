import { condition, defineUpdate, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { BareActivities } from './activities.ts';

const step = proxyActivities<BareActivities>({ startToCloseTimeout: '10s' });

export const placed = defineUpdate<string>('placed');
export const secured = defineUpdate<void>('secured');
export const collected = defineUpdate<void>('collected');

/** What carrying a hold costs the engine at least, done the usual way: the same start, updates, waits and timer, and three regular activities that do nothing. */
export async function bareHold(id: string): Promise<void> {
  let placedAs: string | undefined;
  let isSecured = false;
  let isCollected = false;
  setHandler(placed, async () => {
    await condition(() => placedAs !== undefined);
    return placedAs ?? '';
  });
  setHandler(secured, () => {
    isSecured = true;
  });
  setHandler(collected, () => {
    isCollected = true;
  });
  placedAs = await step.place(id);
  await condition(() => isSecured);
  await step.deliver(id);
  await step.beginWindow(id);
  await Promise.race([sleep('7 days'), condition(() => isCollected)]);
}

export const borrowed = defineUpdate<string>('borrowed');
export const returned = defineUpdate<void>('returned');

/** The same for the loan that a collection begins: start, answer, a timer for its reminder, the return. */
export async function bareLoan(id: string): Promise<void> {
  let lentAs: string | undefined;
  let isReturned = false;
  setHandler(borrowed, async () => {
    await condition(() => lentAs !== undefined);
    return lentAs ?? '';
  });
  setHandler(returned, async () => {
    await step.place(id);
    isReturned = true;
  });
  lentAs = await step.place(id);
  await Promise.race([sleep('12 days'), condition(() => isReturned)]);
}
