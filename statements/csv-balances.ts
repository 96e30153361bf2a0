import { writeAmount } from './amounts.ts';
import type { CsvLine } from './csv-line.ts';
import type { Mistakes } from './mistakes.ts';
import type { Balance, ParsedStatement } from './model.ts';

/** The first line whose balance is not the one before it and its amount. */
function firstBreak(lines: readonly CsvLine[]): number {
  return lines.findIndex(({ entry, balance }, at) => {
    const before = lines[at - 1]?.balance;
    return before != null && balance !== null && before + entry.amount !== balance;
  });
}

/** Oldest first: as its days tell, or, within one day, its balances. */
function inOrder(lines: readonly CsvLine[]): readonly CsvLine[] {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last || first.entry.bookedOn < last.entry.bookedOn) return lines;
  const turned = lines.toReversed();
  if (first.entry.bookedOn > last.entry.bookedOn) return turned;
  return firstBreak(lines) !== -1 && firstBreak(turned) === -1 ? turned : lines;
}

/** Makes a statement of lines, with balances where every line has one; each is checked against the line before. */
export function closeWithBalances(
  given: readonly CsvLine[],
  currency: string,
  mistakes: Mistakes,
): Omit<ParsedStatement, 'skipped'> {
  const lines = inOrder(given);
  const entries = lines.map(({ entry }) => entry);
  const at = firstBreak(lines);
  const broken = lines[at];
  if (broken && broken.balance !== null)
    mistakes.add({
      code: 'line-balance',
      line: broken.entry.line,
      value: writeAmount(broken.balance, currency),
      expected: writeAmount((lines[at - 1]?.balance ?? 0n) + broken.entry.amount, currency),
    });
  const [first, last] = [lines[0], lines.at(-1)];
  const complete = lines.every(({ balance }) => balance !== null);
  const balanceOf = (line: CsvLine | undefined, minor: bigint): Balance | null =>
    line && complete ? { minor, currency, on: line.entry.bookedOn, line: line.entry.line } : null;
  return {
    line: 1,
    account: null,
    bankId: null,
    sequence: null,
    page: null,
    opening: balanceOf(first, (first?.balance ?? 0n) - (first?.entry.amount ?? 0n)),
    closing: balanceOf(last, last?.balance ?? 0n),
    entries,
  };
}
