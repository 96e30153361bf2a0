import type { StatementFile } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { findAccount } from '../../domain/policy-bank.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { contentOf, identityOf } from '../../statements/keys.ts';
import { writeAmount } from '../../statements/amounts.ts';
import type { Mistake, ParsedStatement } from '../../statements/model.ts';
import { assignKeys, maybeTheSame, overlapping, type Span } from '../../statements/overlap.ts';
import type { StatementReport } from '../../statements/result.ts';
import { type Joined, joinStatements } from './statement-joins.ts';
import {
  type Account,
  keysBetween,
  knownStatement,
  lockAccount,
  storeEntries,
  storeStatement,
  touchingStatements,
} from './statement-rows.ts';

/** What a file says does not fit what is known: nothing of it is taken over. Thrown, it undoes the transaction. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(({ code }) => code).join(', '));
    this.mistakes = mistakes;
  }
}

/** A statement with the account of the policy it is of. */
export interface Placed {
  readonly statement: ParsedStatement;
  readonly account: Account;
}

/** Finds the account each statement is of (P9), or tells what is wrong with it; `stated` is the account a file without one was handed in for. */
export function placeStatements(
  policy: LibraryPolicy,
  file: Pick<StatementFile, 'format' | 'account'>,
  statements: readonly ParsedStatement[],
): { readonly placed: readonly Placed[]; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const { bank } = policy.money;
  const placed = statements.flatMap((statement, index) => {
    const currency = statement.opening?.currency ?? statement.entries[0]?.currency ?? policy.currency;
    const wrong = (code: Mistake['code'], value: string, expected?: string) => {
      mistakes.push({
        code,
        line: statement.line,
        path: `Stmt[${index + 1}]`,
        value,
        ...(expected && { expected }),
      });
      return [];
    };
    const stated = bank.accounts.find(({ code }) => code === file.account);
    const found = statement.account === null ? stated : findAccount(bank, statement.account, currency);
    if (!found)
      return wrong(
        statement.account === null ? 'account-unstated' : 'account-unknown',
        statement.account ?? '',
      );
    if (stated && stated !== found) return wrong('account-unknown', statement.account ?? '', stated.code);
    const offered = found.formats[file.format];
    if (offered === false || offered === 'none') return wrong('format-not-offered', file.format);
    const expected = found.currency ?? policy.currency;
    if (currency !== expected) return wrong('account-currency', currency, expected);
    return [{ statement, account: { library: policy.code, code: found.code, currency } }];
  });
  return { placed, mistakes };
}

/** Between which days a statement's entries were booked, its own days included. */
function daysOf({ opening, closing, entries }: ParsedStatement) {
  const booked = entries.map(({ bookedOn }) => bookedOn).toSorted();
  const [first, last] = [booked[0], booked.at(-1)];
  const from = opening?.on ?? first ?? '';
  const to = closing?.on ?? last ?? from;
  return { from, to, first: first ?? from, last: last ?? to };
}

interface Stored {
  readonly id: string;
  readonly fresh: boolean;
  readonly added: number;
  readonly placed: Placed;
  readonly days: { readonly from: string; readonly to: string };
}

async function storeOne(
  tx: Tx,
  file: StatementFile,
  placed: Placed,
  position: number,
  at: Date,
): Promise<Stored> {
  const { statement, account } = placed;
  const contents = statement.entries.map(contentOf);
  const identity = identityOf(statement, contents);
  const days = daysOf(statement);
  const mistake = (code: Mistake['code'], value: string): Unfit =>
    new Unfit([{ code, line: statement.line, path: `Stmt[${position + 1}]`, value }]);
  const again = await knownStatement(tx, account, identity);
  if (again && again.entries !== contents.length)
    throw mistake('statement-changed', statement.bankId ?? days.to);
  if (again) return { id: again.id, fresh: false, added: 0, placed, days };
  const touching = await touchingStatements(tx, account, days.from, days.to);
  const span: Span = {
    ...statement,
    ...days,
    opening: statement.opening?.minor ?? null,
    closing: statement.closing?.minor ?? null,
    contents: statement.entries.map(({ bookedOn, amount }, index) => ({
      amount,
      content: contents[index] ?? '',
      on: bookedOn,
    })),
  };
  const otherFormat = touching.find((each) => each.format !== file.format && maybeTheSame(each, span));
  if (otherFormat) throw mistake('format-other', otherFormat.format);
  const keys = await keysFor(tx, account, span, touching, days);
  const id = await storeStatement(tx, account, {
    statement,
    fileId: file.id,
    position,
    identity,
    format: file.format,
    ...days,
    at,
  });
  const added = await storeEntries(tx, account, id, statement.entries, keys);
  return { id, fresh: true, added, placed, days };
}

async function keysFor(
  tx: Tx,
  account: Account,
  span: Span,
  touching: Awaited<ReturnType<typeof touchingStatements>>,
  { first, last }: { readonly first: string; readonly last: string },
): Promise<string[]> {
  const known = await keysBetween(tx, account, first, last);
  const overlaps = new Set(overlapping(span, touching));
  const shared = new Set(touching.filter((each) => overlaps.has(each)).flatMap(({ keys }) => keys));
  for (const each of touching) if (!overlaps.has(each)) for (const key of each.keys) shared.delete(key);
  return assignKeys(
    span.contents.map(({ content }) => content),
    known,
    shared,
  );
}

const missingNumbers = ({ sequence, previous }: Joined): readonly [string, string] | null =>
  sequence === null || previous === null || sequence - previous <= 1n
    ? null
    : [String(previous + 1n), String(sequence - 1n)];

function report({ placed, days, fresh, added }: Stored, joined: Joined | undefined): StatementReport {
  const { statement, account } = placed;
  return {
    account: account.code,
    bankId: statement.bankId,
    sequence: statement.sequence?.toString() ?? null,
    page: statement.page,
    from: days.from,
    to: days.to,
    currency: account.currency,
    opening: statement.opening?.minor.toString() ?? null,
    closing: statement.closing?.minor.toString() ?? null,
    added,
    known: statement.entries.length - added,
    skipped: statement.skipped,
    joins: fresh ? (joined?.joins ?? 'unknown') : 'again',
    expected: joined?.joins === 'gap' ? (joined.expected?.toString() ?? null) : null,
    missing: joined ? missingNumbers(joined) : null,
  };
}

/** Everything of a file that was taken over, and how statements join since. */
export interface TakenOver {
  readonly reports: readonly StatementReport[];
  readonly joined: readonly Joined[];
}

/**
 * Takes a file's statements over (P9), each account locked, in the order of their days. Entries that are known from statements that overlap are known again; equal ones of
 * others are new. How statements join is said at the end, so that one file may fill the gap of another.
 *
 * @throws Unfit where a statement is known otherwise, or does not join and the library wants those refused
 */
export async function takeOver(
  tx: Tx,
  policy: LibraryPolicy,
  file: StatementFile,
  placed: readonly Placed[],
  at: Date,
): Promise<TakenOver> {
  const accounts = new Map(placed.map(({ account }) => [account.code, account]));
  const inOrder = [...accounts.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
  for (const account of inOrder) await lockAccount(tx, account, at);
  const stored: Stored[] = [];
  for (const [position, each] of placed.entries()) stored.push(await storeOne(tx, file, each, position, at));
  const fresh = stored.filter((each) => each.fresh).map(({ id }) => id);
  const joined: Joined[] = [];
  for (const account of inOrder) joined.push(...(await joinStatements(tx, account, fresh)));
  const gaps = joined.filter(({ id, joins }) => joins === 'gap' && fresh.includes(id));
  if (policy.money.bank.onGap === 'refuse' && gaps.length > 0)
    throw new Unfit(gaps.flatMap((gap) => gapMistake(stored, gap)));
  return {
    joined,
    reports: stored.map((each) =>
      report(
        each,
        joined.find(({ id }) => id === each.id),
      ),
    ),
  };
}

function gapMistake(stored: readonly Stored[], gap: Joined): Mistake[] {
  return stored.flatMap(({ id, placed: { statement, account } }, at) =>
    id !== gap.id
      ? []
      : [
          {
            code: 'statement-gap' as const,
            line: statement.line,
            path: `Stmt[${at + 1}]`,
            value: writeAmount(gap.opening, account.currency),
            ...(gap.expected !== null && { expected: writeAmount(gap.expected, account.currency) }),
          },
        ],
  );
}
