/** PostgreSQL's classes and the socket's codes that mean: not now. */
const unavailable = [
  /^08/,
  /^3D000$/,
  /^53/,
  /^57P/,
  /^ECONN/,
  /^EHOSTUNREACH$/,
  /^ENETUNREACH$/,
  /^ENOTFOUND$/,
  /^EAI_AGAIN$/,
  /^ETIMEDOUT$/,
  /^EPIPE$/,
];

const unavailableMessages = [/Connection terminated/i, /timeout exceeded when trying to connect/i];

function* causes(error: unknown): Generator<{ code?: unknown; message?: unknown }> {
  let each = error;
  for (let depth = 0; depth < 6 && typeof each === 'object' && each !== null; depth += 1) {
    yield each;
    each =
      'cause' in each
        ? each.cause
        : 'errors' in each && Array.isArray(each.errors)
          ? each.errors[0]
          : undefined;
  }
}

/** Whether the database cannot be reached or is going down, so that the same request may succeed in a while. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (const { code, message } of causes(error)) {
    if (typeof code === 'string' && unavailable.some((pattern) => pattern.test(code))) return true;
    if (typeof message === 'string' && unavailableMessages.some((pattern) => pattern.test(message)))
      return true;
  }
  return false;
}
