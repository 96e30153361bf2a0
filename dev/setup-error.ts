/** A failure a person can put right: its message is one sentence for them, shown without a stack trace. */
export class SetupError extends Error {
  override name = 'SetupError';
}

/** What went wrong, in words: the message of an error, or the thing itself as text. */
export function reasonOf(error: unknown): string {
  return property(error, 'message') ?? String(error);
}

/** The code of a system error, e.g. EADDRINUSE; empty for other errors. */
export function codeOf(error: unknown): string {
  return property(error, 'code') ?? '';
}

/** Not by `instanceof`: under jest, node's own errors are not of the Error that this module sees. */
function property(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}
