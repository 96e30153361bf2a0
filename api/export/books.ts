import type { MikroORM } from '@mikro-orm/postgresql';
import {
  type AccountRow,
  type Between,
  openItemsOf,
  postingsOf,
  trialBalanceOf,
} from '../../db/queries/books.ts';
import { actorOf } from '../bodies/story.ts';
import type { Actor } from '../../domain/roles.ts';
import { wallTime } from '../wall-time.ts';
import type { Words } from '../words.ts';
import { accountName, causeName } from '../../notices/account-names.ts';
import type { Amount, Table, TableCell } from './xlsx.ts';

interface Books {
  readonly orm: MikroORM;
  readonly words: Words;
}

const amountOf = (minor: string | bigint, currency: string): Amount => ({ minor: BigInt(minor), currency });

const heading = (words: Words, columns: readonly string[]) =>
  columns.map((column) => words.text(`money.export.${column}`));

async function* mapped<T>(
  pages: AsyncIterable<readonly T[]>,
  rowOf: (row: T) => readonly TableCell[],
): AsyncGenerator<(readonly TableCell[])[]> {
  for await (const page of pages) yield page.map(rowOf);
}

/** Every posting of a period with its booking, in the order of time (P10). */
export function postingsTable({ orm, words }: Books, between: Between): Table {
  const columns = [
    'at',
    'journal',
    'kind',
    'reader',
    'account',
    'account-name',
    'debit',
    'credit',
    'currency',
    'actor',
    'reason',
    'reverses',
    'payment',
  ];
  const rows = mapped(postingsOf(orm, words.policy.code, between), (row) => {
    const amount = BigInt(row.amount);
    const { currency } = row;
    return [
      wallTime(words, row.at),
      row.journalId,
      row.kind,
      row.card,
      row.account,
      accountName(words, row.account, row.card),
      amount > 0n ? amountOf(amount, currency) : null,
      amount < 0n ? amountOf(-amount, currency) : null,
      currency,
      actorOf(words, row.actor as Actor, row.staffName).name,
      row.reason,
      row.reverses,
      row.paymentId,
    ];
  });
  return { columns: heading(words, columns), rows };
}

/** The trial balance of a period (P10); the closing balances sum to zero in each currency. */
export function trialBalanceTable({ orm, words }: Books, between: Between): Table {
  const columns = ['account', 'account-name', 'opening', 'debit', 'credit', 'closing', 'currency'];
  const once = async function* () {
    yield await trialBalanceOf(orm, words.policy.code, between);
  };
  const rows = mapped<AccountRow>(once(), ({ account, currency, ...sums }) => [
    account,
    accountName(words, account),
    amountOf(sums.opening, currency),
    amountOf(sums.debit, currency),
    amountOf(sums.credit, currency),
    amountOf(sums.closing, currency),
    currency,
  ]);
  return { columns: heading(words, columns), rows };
}

/** What readers owe at the end of a day, item by item. */
export function openItemsTable({ orm, words }: Books, before: Date): Table {
  const columns = ['charge', 'raised', 'reader', 'cause', 'amount', 'open', 'currency', 'disputed'];
  const yes = words.text('money.export.yes');
  const rows = mapped(openItemsOf(orm, words.policy.code, before), (row) => [
    row.id,
    words.day(row.at),
    row.card,
    causeName(words, row.cause),
    amountOf(row.amount, row.currency),
    amountOf(row.open, row.currency),
    row.currency,
    row.disputed ? yes : null,
  ]);
  return { columns: heading(words, columns), rows };
}
