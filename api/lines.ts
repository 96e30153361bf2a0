import { v5 } from 'uuid';
import type { Reason } from '../domain/refusal.ts';
import type { CommandOutcome } from './commands-port.ts';
import type { Words } from './words.ts';

/** The key of one line of a request that asks for several things at once: the same whenever the request is made again. */
export const lineKey = (requestKey: string, id: string): string => v5(id, requestKey);

/** The answer to a line whose subject is not there, or not the caller's. */
export const unknown = (code: Reason['code']) =>
  Promise.resolve<CommandOutcome<never>>({ outcome: 'refused', refused: [{ code }] });

/** How a line ended, and why it was refused. */
export function outcomeOf(known: CommandOutcome<unknown>, words: Words) {
  return {
    outcome: known.outcome,
    reasons: known.outcome === 'refused' ? words.reasons(known.refused) : [],
  };
}

interface Line<L, T> {
  readonly line: L;
  readonly known: CommandOutcome<T>;
}

/**
 * Does the lines one after the other, in their order: all of them concern one reader, whose row the engine's steps lock, so that side by side they would only
 * wait for each other. A line that is refused stops nothing; when the engine cannot be reached the request fails, and made again goes on. Once a line is only
 * accepted, no worker answers, and the others are handed over together.
 */
export async function inOrder<L, T>(
  lines: readonly L[],
  act: (line: L) => Promise<CommandOutcome<T>>,
): Promise<Line<L, T>[]> {
  const done: Line<L, T>[] = [];
  const one = async (line: L) => ({ line, known: await act(line) });
  for (const line of lines) {
    const each = await one(line);
    done.push(each);
    if (each.known.outcome === 'accepted') break;
  }
  return [...done, ...(await Promise.all(lines.slice(done.length).map(one)))];
}
