import { z } from 'zod';
import type { CommandOutcome } from './commands-port.ts';
import { refusal } from './problem.ts';

/** The reply to a command the engine holds and no worker has answered yet. */
export interface Accepted {
  readonly status: 202;
  readonly headers: { readonly Location: string };
  readonly body: { readonly state: 'accepted'; readonly location: string };
}

/** What a route that ends in `answer` names under 202 in its responses. */
export const acceptedResponse = {
  description:
    'Taken and sure to be done, but not answered yet: ask at `Location`, or send the same request again.',
  body: z.strictObject({ state: z.literal('accepted'), location: z.string() }).meta({ id: 'Accepted' }),
  headers: { Location: 'Where the outcome will be seen.' },
};

/**
 * The one place where a command's outcome becomes HTTP: done – what `done` makes of the result; refused – a problem with every reason; accepted
 * but not answered yet – 202, and where to look for the outcome.
 *
 * @param location path at which the outcome will be seen
 */
export async function answer<T, R extends { readonly status: number }>(
  outcome: Promise<CommandOutcome<T>>,
  location: string,
  done: (result: T) => R | Promise<R>,
): Promise<R | Accepted> {
  const known = await outcome;
  if (known.outcome === 'refused') throw refusal(known.refused);
  if (known.outcome === 'done') return done(known.result);
  return { status: 202, headers: { Location: location }, body: { state: 'accepted', location } };
}
