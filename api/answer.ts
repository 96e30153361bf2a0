import { inOneReading } from '../db/shared.ts';
import type { CommandOutcome } from './commands-port.ts';
import { refusal } from './problem.ts';

/** The reply to a command the engine holds and no worker has answered yet; a route names it in its responses as `acceptedResponse`. */
export interface Accepted {
  readonly status: 202;
  readonly headers: { readonly Location: string };
  readonly body: { readonly state: 'accepted'; readonly location: string };
}

/**
 * The one place where a command's outcome becomes HTTP: done – what `done` makes of the result; refused – a problem with every reason; accepted
 * but not answered yet – 202, and where to look for the outcome. What `done` reads is one transaction.
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
  if (known.outcome === 'done') return inOneReading(async () => done(known.result));
  return { status: 202, headers: { Location: location }, body: { state: 'accepted', location } };
}
