import type { StatementFileRow } from '../../db/queries/statements.ts';
import type { FileResult } from '../../statements/result.ts';
import type { Words } from '../words.ts';
import { iso } from '../schemas/values.ts';

const nothing: FileResult = { statements: [], mistakes: [] };

/** A bank's file with what became of it; mistakes in the words of whoever looks. */
export function statementFileBody(row: StatementFileRow, words: Words) {
  const { actor: _, settledAt, receivedAt, endedAt, result, ...rest } = row;
  const { statements, mistakes } = { ...nothing, ...(result as Partial<FileResult>) };
  return {
    ...rest,
    finished: endedAt !== null,
    receivedAt: iso(receivedAt),
    settledAt: settledAt === null ? null : iso(settledAt),
    statements: statements.map((each) => ({ ...each, missing: each.missing && [...each.missing] })),
    mistakes: mistakes.map(({ code, line, path = null, value = '–', expected = '–' }) => ({
      code,
      line,
      path,
      detail: words.say(`statementMistake.${code}`, { value, expected }),
    })),
  };
}
