import { Temporal } from 'temporal-polyfill';
import { StatementFile } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { inTransaction, reader, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { checkStatement, type Mistake, parseStatements } from '../../statements/index.ts';
import type { FileResult } from '../../statements/result.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Joined } from './statement-joins.ts';
import { type Placed, placeStatements, takeOver, Unfit } from './store-file.ts';
import { openTask, resolveTask } from '../tasks.ts';

export interface ImportStatement {
  readonly fileId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a process goes on with. */
export interface StatementRead {
  readonly state: 'imported' | 'rejected';
}

export function createStatementActivities(deps: Pick<ActivityDeps, 'orm' | 'policies'>) {
  return {
    importStatement: (step: ImportStatement) => importStatement(deps, step),
    endStatement: (step: ImportStatement) => endStatement(deps, step),
  };
}

/** The task is about the statement; the process that read its file has ended by then. */
const workflowOf = (fileId: string) => `statement:${fileId}`;

/**
 * Reads a stored file and takes all of it over in one transaction, or nothing, with every reason (P9). Repeated, it changes nothing: the file's state tells.
 */
async function importStatement(
  { orm, policies }: Pick<ActivityDeps, 'orm' | 'policies'>,
  { fileId, now }: ImportStatement,
): Promise<StatementRead> {
  const file = await reader(orm).findOneOrFail(StatementFile, { id: fileId }, { populate: ['content'] });
  if (file.state !== 'stored') return { state: file.state };
  const policy = policies.get(file.library);
  const read = await readFile(policy, file);
  if (read.mistakes.length > 0) return settle(orm, file.id, now, read.mistakes);
  try {
    return await inTransaction(orm, async (tx) => {
      const locked = await lockFile(tx, fileId);
      if (locked.state !== 'stored') return { state: locked.state };
      const at = new Date(now);
      const { reports, joined } = await takeOver(tx, policy, locked, read.placed, at);
      await tellGaps(tx, policy, locked, joined, at);
      conclude(locked, 'imported', { statements: reports, mistakes: [] }, at);
      return { state: 'imported' };
    });
  } catch (error) {
    if (error instanceof Unfit) return settle(orm, fileId, now, error.mistakes);
    throw error;
  }
}

async function readFile(
  policy: LibraryPolicy,
  file: StatementFile,
): Promise<{ placed: readonly Placed[]; mistakes: readonly Mistake[] }> {
  const { accounts } = policy.money.bank;
  const account =
    accounts.find(({ code }) => code === file.account) ??
    accounts.find(({ formats }) => file.format === 'mt940' && formats.mt940 !== 'none');
  const content = file.content ?? new Uint8Array();
  const parsed = await parseStatements(file.format, content, account, account?.currency ?? policy.currency);
  if ('mistakes' in parsed) return { placed: [], mistakes: parsed.mistakes };
  const checked = parsed.statements.flatMap((statement, index) => checkStatement(statement, index + 1));
  const { placed, mistakes } = placeStatements(policy, file, parsed.statements);
  return { placed, mistakes: [...checked, ...mistakes].toSorted((a, b) => a.line - b.line) };
}

async function lockFile(tx: Tx, id: string): Promise<StatementFile> {
  await tx.execute('select id from statement_file where id = ? for no key update', [id]);
  return present(await tx.findOne(StatementFile, { id }), `file ${id}`);
}

function conclude(file: StatementFile, state: StatementRead['state'], result: FileResult, at: Date): void {
  file.state = state;
  file.result = { ...result };
  file.settledAt = at;
  if (state === 'rejected') file.endedAt = at;
}

function settle(
  orm: ActivityDeps['orm'],
  fileId: string,
  now: number,
  mistakes: readonly Mistake[],
): Promise<StatementRead> {
  return inTransaction(orm, async (tx) => {
    const file = await lockFile(tx, fileId);
    if (file.state !== 'stored') return { state: file.state };
    conclude(file, 'rejected', { statements: [], mistakes }, new Date(now));
    return { state: 'rejected' };
  });
}

/** A statement that does not join is a task for the cashier, until what is missing has come. */
async function tellGaps(
  tx: Tx,
  policy: LibraryPolicy,
  { id: fileId, library }: StatementFile,
  joined: readonly Joined[],
  at: Date,
): Promise<void> {
  const due = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(policy.timeZone)
    .add(policy.money.matching.taskDue);
  const dueAt = new Date(due.epochMilliseconds);
  for (const { id, joins, before } of joined) {
    if (joins === before) continue;
    if (joins === 'gap') {
      const subject = { type: 'bank-statement', id, library, patronId: null } as const;
      await openTask(tx, subject, {
        kind: 'statement-gap',
        branch: null,
        workflowId: workflowOf(fileId),
        at,
        dueAt,
      });
    } else if (before === 'gap')
      await resolveTask(tx, 'statement-gap', id, { at, by: 'system', outcome: 'dropped' });
  }
}

/** Its entries have been taken over and matched: nothing is left to do for the file. */
async function endStatement(
  { orm, policies }: Pick<ActivityDeps, 'orm' | 'policies'>,
  { fileId, now }: ImportStatement,
): Promise<StatementRead> {
  return inTransaction(orm, async (tx) => {
    const file = await lockFile(tx, fileId);
    file.endedAt ??= new Date(now);
    await tx.flush();
    await forgetFiles(tx, policies.get(file.library), now);
    return { state: file.state === 'imported' ? 'imported' : 'rejected' };
  });
}

/** Empties files whose time is over; what was taken over of them stays. */
async function forgetFiles(tx: Tx, { code, timeZone, money }: LibraryPolicy, now: number): Promise<void> {
  const until = Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(timeZone)
    .subtract(money.bank.keepFiles);
  await tx.execute(
    'update statement_file set content = null where library = ? and content is not null and ended_at < ?',
    [code, new Date(until.epochMilliseconds)],
  );
}
