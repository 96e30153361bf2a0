import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { createStatementActivities } from '../activities/bank/import-statement.ts';
import type { Policies } from '../config/policies.ts';
import { ensureLibraries } from '../db/libraries.ts';
import { statementFile } from '../db/queries/statements.ts';
import { keepStatementFile } from '../db/statement-files.ts';
import { createTexts } from '../notices/texts.ts';
import { fileHash, formatOf } from '../statements/index.ts';
import type { FileResult } from '../statements/result.ts';
import { UnusableFile } from './outcome.ts';

export interface StatementImport {
  readonly orm: MikroORM;
  readonly policies: Policies;
  readonly library: string;
  /** For files that do not name their account. */
  readonly account: string | undefined;
  readonly file: string;
  readonly now: Date;
}

const amongUs = 'A running Carrel books the entries within ten minutes.';

/**
 * Takes a bank's file over (P9), all of it or nothing; doing it again changes nothing. Its entries are booked by the process that the sweep begins for it. Answers what
 * came of it in lines. Throws `UnusableFile` with every mistake.
 */
export async function importStatementFile(given: StatementImport): Promise<string[]> {
  const { orm, policies, library, account = null, file, now } = given;
  await ensureLibraries(orm, [library], now);
  const content = readFileSync(file);
  if (content.length === 0) throw new UnusableFile('The file is empty.');
  const about = {
    library,
    name: basename(file),
    format: formatOf(content),
    account,
    actor: 'system',
  } as const;
  const { id } = await keepStatementFile(orm, {
    ...about,
    id: uuid(),
    hash: fileHash(content),
    content,
    at: now,
  });
  const { importStatement } = createStatementActivities({ orm, policies });
  await importStatement({ fileId: id, now: now.getTime() });
  const row = await statementFile(orm, library, id);
  const { statements = [], mistakes = [] } = (row?.result ?? {}) as Partial<FileResult>;
  if (mistakes.length > 0) throw new UnusableFile(mistakes.map(inWords()).join('\n'));
  return [...statements.map(lineOf), ...(row?.endedAt === null ? [amongUs] : [])];
}

function inWords() {
  const texts = createTexts('locales');
  return ({ code, line, path, value = '–', expected = '–' }: FileResult['mistakes'][number]): string =>
    `Line ${line}${path === undefined ? '' : `, ${path}`}: ${texts.t('en', `statementMistake.${code}`, { value, expected })}`;
}

function lineOf(statement: FileResult['statements'][number]): string {
  const { account, bankId, from, to, added, known, skipped, joins } = statement;
  const gap = joins === 'gap' ? '; it does not join the one before' : '';
  return `${account} ${bankId ?? ''} ${from} – ${to}: ${added} new, ${known} known, ${skipped} not booked${gap}`;
}
