import { writeAmount } from './amounts.ts';
import type { Mistake, ParsedStatement } from './model.ts';

/**
 * Whether what a statement says agrees with itself (P9): one currency, and its entries add up to its closing less its opening balance, to the minor unit. Answers all that
 * is wrong.
 */
export function checkStatement(statement: ParsedStatement, number = 1): Mistake[] {
  const { opening, closing, entries, line } = statement;
  const path = `Stmt[${number}]`;
  const [first] = entries;
  const currency = opening?.currency ?? first?.currency ?? '';
  const others = [...(closing ? [closing] : []), ...entries].filter((each) => each.currency !== currency);
  const found: Mistake[] = others.map((each) => ({
    code: 'currency-differs',
    line: each.line,
    path,
    value: each.currency,
    expected: currency,
  }));
  if (found.length > 0 || !opening || !closing) return found;
  if (opening.on > closing.on)
    found.push({ code: 'balances-order', line, path, value: closing.on, expected: opening.on });
  const sum = entries.reduce((total, { amount }) => total + amount, 0n);
  const change = closing.minor - opening.minor;
  if (sum !== change)
    found.push({
      code: 'statement-sum',
      line,
      path,
      value: writeAmount(sum, currency),
      expected: writeAmount(change, currency),
    });
  return found;
}
