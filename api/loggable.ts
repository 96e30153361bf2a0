import { types } from 'node:util';

const { isNativeError } = types;

/** PostgreSQL's errors about a value repeat the value, which may be a person's. */
const aboutValues = /^22/;

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

function details(error: Error): Record<string, string | undefined> {
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return { code: textOf(code), constraint: textOf(constraint), table: textOf(table) };
}

/** An error as it may be logged: what, where and why, without the query, its parameters or the row that the database names in its errors. */
export function loggable(error: unknown, depth = 0): object {
  if (!isNativeError(error)) return { type: typeof error };
  const { code, constraint, table } = details(error);
  return {
    type: error.name,
    message: code !== undefined && aboutValues.test(code) ? 'a value was not accepted' : error.message,
    ...(code && { code }),
    ...(constraint && { constraint }),
    ...(table && { table }),
    stack: error.stack
      ?.split('\n')
      .filter((each) => /^\s+at /.test(each))
      .join('\n'),
    ...(error.cause !== undefined && depth < 4 && { cause: loggable(error.cause, depth + 1) }),
  };
}
