/** A failure a person can put right: its message is one sentence for them, shown without a stack trace. */
export class SetupError extends Error {
  override name = 'SetupError';
}

/** What went wrong, in words: the message of an Error, or the thing itself as text. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return String(error);
}

/** The code of a system error, e.g. EADDRINUSE; empty for other errors. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
